import { digest } from '../../../reconciler/lib/digest.ts'
import { StackError } from '../../../reconciler/model/errors.ts'
import { previousName, Secret } from '../../../reconciler/model/secret.ts'
import type { SecretStore, WantedSecret } from '../../../reconciler/ports/secret-store.ts'
import type { Box } from './box.ts'
import type { Shuffle } from './engine.ts'

/** A secret's value tells how often it was made, so that one which is made again is another. */
export function fakeSecrets(box: Box, shuffle: Shuffle): SecretStore {
  const isThere = (name: string) => (box.secrets.get(name) ?? '') !== ''
  const isMissing = ({ name }: WantedSecret) => !isThere(name) && !isThere(name.replace(/^.*?__/, 'global__'))
  return {
    read: async () => Object.fromEntries(shuffle([...box.secrets]).map(([name, text]) => [name, new Secret(text)])),
    async ensure(wanted) {
      for (const { name } of wanted) checkName(name)
      const missing = wanted.filter(isMissing)
      for (const { name, shape } of missing) {
        const count = (box.made.get(name) ?? 0) + 1
        box.made.set(name, count)
        box.secrets.set(name, digest(`${name} ${count}`).slice(0, shape === 'typed' ? 8 : 32))
      }
      return missing.map(({ name }) => name)
    },
    async rotate({ name, shape }) {
      checkName(name)
      box.secrets.set(previousName(name), box.secrets.get(previousName(name)) ?? box.secrets.get(name) ?? '')
      const count = (box.made.get(name) ?? 0) + 1
      box.made.set(name, count)
      box.secrets.set(name, digest(`${name} ${count}`).slice(0, shape === 'typed' ? 8 : 32))
    },
    async set(name, value) {
      checkName(name)
      box.secrets.set(name, value.reveal())
    },
    async remove(names) {
      for (const name of names) box.secrets.delete(name)
    },
  }
}

function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9_-]*__[A-Za-z0-9_.-]+$/.test(name)) return
  throw new StackError('STACK_USAGE', `${name} is not the name of a secret`, { hint: 'name it <stacklet>__NAME' })
}
