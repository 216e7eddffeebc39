import type { Instance } from '../instance.ts'
import { desiredRunning } from '../stacklets.ts'
import type { Chance } from './chance.ts'

export interface Ground {
  readonly host: Instance
  readonly ids: readonly string[]
  readonly chance: Chance
}

/** One thing that happens to a host. What is not possible at the moment does not happen. */
export type Mischief = (ground: Ground) => Promise<unknown>

const desired = 'desired/desired.toml'

/** By name; those that a host sees more often stand for more of them. */
export const mischiefs: Readonly<Record<string, { readonly share: number; readonly happen: Mischief }>> = {
  commit: { share: 6, happen: changeOne },
  'invalid commit': { share: 1, happen: (ground) => say(ground, '[stacklets.web\nstate = "runnin') },
  'emptied desired file': { share: 1, happen: (ground) => say(ground, '') },
  mended: { share: 3, happen: sayRight },
  kill: { share: 5, happen: onOne((name) => ['kill', name]) },
  stop: { share: 2, happen: onOne((name) => ['stop', '--time', '0', name]) },
  remove: { share: 2, happen: onOne((name) => ['rm', '--force', name]) },
  rename: { share: 2, happen: onOne((name, { chance }) => ['rename', name, `odd-${chance.below(1e9)}-${name}`]) },
  pause: { share: 2, happen: onOne((name) => ['pause', name]) },
  disconnect: { share: 2, happen: onOne((name) => ['network', 'disconnect', 'stack', name]) },
  hold: { share: 1, happen: (ground) => ground.host.stack('hold', ground.chance.pick(ground.ids), '--for', '1h') },
  release: { share: 3, happen: (ground) => ground.host.stack('release', ground.chance.pick(ground.ids)) },
}

/** Names of mischiefs, each as often as its share. */
export const lots: readonly string[] = Object.entries(mischiefs).flatMap(([name, { share }]) => Array(share).fill(name))

/** What is declared and committed is right again. */
export async function sayRight(ground: Ground): Promise<void> {
  await say(ground, desiredRunning(...ground.ids)[desired] ?? '')
}

async function say({ host }: Ground, text: string): Promise<void> {
  await host.write(desired, text)
  await host.commit('desired')
}

async function changeOne({ host, ids, chance }: Ground): Promise<void> {
  const path = `stacklets/${chance.pick(ids)}/docker-compose.yml`
  const text = await host.read(path)
  await host.write(path, text.replace(/VERSION: .*? \}/, `VERSION: v${chance.below(1e9)} }`))
  await host.commit('change')
}

/** Somebody does this to a container by hand; where it is gone or not up, nothing happens. */
function onOne(words: (name: string, ground: Ground) => readonly string[]): Mischief {
  return (ground) => ground.host.docker(words(`stack-${ground.chance.pick(ground.ids)}`, ground)).catch(() => {})
}
