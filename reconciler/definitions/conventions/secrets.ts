import { isSecretName } from '../../lib/secret-names.ts'
import type { Problem } from '../../model/problem.ts'
import type { Stacklet } from '../../model/stacklet.ts'
import { pairsIn } from './compose-source.ts'
import { type Convention, departure } from './convention.ts'

/** What stands in a file of the repository is known to everybody who has ever cloned it. */
export const checkPlainSecrets: Convention = ({ key, table }, { stacklet, source }) =>
  pairsIn(table['environment'])
    .filter(({ name, text }) => isSecretName(name) && isPlain(text, /\$/))
    .map(({ name, path }) => {
      const hint = `write ${name}: \${${name}}, and add "${name}" to [env].generate in stacklet.toml`
      const at = source.at(['services', key, 'environment', ...path])
      return departure('plain-secret', { message: `${name} is written in the open`, hint }, at, stacklet.id)
    })

/** The same for `[env.defaults]`. */
export function checkPlainDefaults({ id, env }: Stacklet): readonly Problem[] {
  return Object.entries(env.defaults)
    .filter(([name, { text }]) => isSecretName(name) && isPlain(text, /\{/))
    .map(([name, { at }]) => {
      const message = `${name} is written in the open`
      const hint = `move it to generate = ["${name}"] under [env], or set it with stack secrets set ${id}__${name}`
      return departure('plain-secret', { message, hint }, at, id)
    })
}

/** Whether a value without variables, under such a name, is a secret itself. */
export function isPlainSecret(name: string, value: string): boolean {
  return isSecretName(name) && isWord(value)
}

/** A value of its own, neither a switch nor a number nor a path, and with nothing in it that is filled in from elsewhere. */
function isPlain(text: string, filledIn: RegExp): boolean {
  return !filledIn.test(text.replaceAll('$$', '')) && isWord(text)
}

function isWord(text: string): boolean {
  return !/^(?:|true|false|yes|no|on|off|none|null|\d{1,5}|\/.*)$/i.test(text.trim())
}
