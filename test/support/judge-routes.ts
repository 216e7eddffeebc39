import type { Box } from './fake/box.ts'
import type { HostIntent, StackletIntent } from './intent.ts'

/** What of the names is not served as declared: only what runs answers, what is down says so, what is gone has no name. */
export function unmetRoutes(
  intent: HostIntent,
  before: Box,
  box: Box,
  excused: ReadonlySet<string>,
): readonly string[] {
  const listed = intent.stacklets.filter(({ state }) => state !== 'unlisted')
  const names = listed.map(({ id }) => id)
  const left = [...before.served.keys()].filter((id) => !names.includes(id))
  return [
    ...[...box.tampered].map((id) => `what was done to the routes of ${id} by hand is still there`),
    ...listed.filter(({ id }) => !excused.has(id)).flatMap((one) => unmetRoute(one, box)),
    ...left.flatMap((id) => unmetLeft(id, intent, box)),
  ]
}

function unmetRoute({ id, state, route }: StackletIntent, box: Box): readonly string[] {
  const served = box.served.get(id)
  if (route === null || state === 'absent') return served === undefined ? [] : [`${id} still has a name`]
  if (served === undefined) return [`${id} has no name`]
  const hosts = served.sites.map(({ host }) => host).join()
  if (hosts !== `${id}.home.internal`) return [`${id} is served as ${hosts}`]
  if (served.isUp === (state === 'running')) return []
  return [`${id} is declared ${state}, and its name says ${served.isUp ? 'up' : 'down'}`]
}

function unmetLeft(id: string, { prune }: HostIntent, box: Box): readonly string[] {
  const served = box.served.get(id)
  if (prune === 'keep') return served === undefined ? [`${id} lost its name`] : []
  if (prune === 'destroy') return served === undefined ? [] : [`${id} still has a name`]
  return served?.isUp === true ? [`${id} left, and its name says up`] : []
}
