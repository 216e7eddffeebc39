import { lstat, readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Instance } from '../instance.ts'
import { pathsIn } from './killable-program.ts'
import { lasting } from './places.ts'

/** How a host stands, by what it is about: equal for two runs that ended alike, whenever they were. */
export type EndState = Readonly<Record<string, unknown>>

/** Containers of these projects, whoever's labels they have; the files of `.stack/`; data, values and secrets by name. */
export async function endState(host: Instance, ids: readonly string[]): Promise<EndState> {
  const known = await drawnWords(host, ids)
  const containers = (await Promise.all(ids.map((id) => containersOf(host, id)))).flat()
  const files = [...(await pathsIn(host, '.stack')), ...(await pathsIn(host, 'data'))]
  const described = await Promise.all(files.map((path) => fileOf(path, host, known)))
  const values = await Promise.all(ids.map((id) => host.read(`stacklets/${id}/.env`).catch(() => '(none)')))
  const whole = Object.fromEntries([...containers, ...described, ...ids.map((id, at) => [`.env of ${id}`, values[at]])])
  return JSON.parse(withoutDrawn(JSON.stringify(whole), known))
}

type Line = readonly [string, unknown]

async function containersOf({ docker }: Instance, id: string): Promise<readonly Line[]> {
  const ids = await docker(['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=stack-${id}`])
  if (ids === '') return []
  // biome-ignore lint/suspicious/noExplicitAny: what the engine answers
  return JSON.parse(await docker(['container', 'inspect', ...ids.split('\n')])).map((info: any) => {
    const { Config, State, HostConfig, NetworkSettings, Mounts } = info
    const mounts = Mounts.map(({ Source, Destination }: Record<string, string>) => `${Source}:${Destination}`).sort()
    const networks = Object.keys(NetworkSettings.Networks)
    const { Image, Env, Cmd } = Config
    const state = [State.Status, State.Paused]
    const seen = { Image, Env: Env.toSorted(), Cmd, mounts, networks, state, restart: HostConfig.RestartPolicy.Name }
    return [`container ${info.Name.slice(1)}`, seen]
  })
}

/** Of these it counts that they are there, not what time they tell. */
const timely = /^\.stack\/(?:last-run|journal\/.*|[^/]*\.setup-done|[^/]*lock|secrets\.toml)$/

async function fileOf(path: string, { folder }: Instance, known: Drawn): Promise<Line> {
  const name = relative(folder, path)
  const mode = ((await lstat(path)).mode & 0o777).toString(8)
  if (timely.test(name)) return [lasting(name), mode]
  const text = await readFile(path, 'utf8')
  const json = name.endsWith('.json') ? comparable(JSON.parse(text)) : withoutDrawn(text, known)
  return [lasting(name), { mode, content: json }]
}

/** Times and runs left out, and digests: secrets are drawn anew, and an empty plan says that each digest is right. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\b[0-9a-f]{12,}\b/g, '#')
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value)
    .filter(([key]) => !timelyKeys.has(key))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(kept.map(([key, one]) => [key, comparable(one)]))
}

const timelyKeys = new Set([
  'appliedAt',
  'revision',
  'run',
  'atMs',
  'sinceMs',
  'nextMs',
  'lastMs',
  'firstMs',
  'untilMs',
])

/** What was drawn, and what it is called here. */
type Drawn = ReadonlyMap<string, string>

/** What was drawn by chance on this host: its folder and id, the names of its stacklets, the values of its secrets. */
async function drawnWords(host: Instance, ids: readonly string[]): Promise<Drawn> {
  const words = new Map([[host.folder, '(folder)'], ...ids.map((id) => [id, lasting(id)] as const)])
  const id = (await host.read('.stack/instance-id').catch(() => '')).trim()
  if (id !== '') words.set(id, '(instance)')
  const secrets = await host.read('.stack/secrets.toml').catch(() => '')
  for (const [, name = '', value = ''] of secrets.matchAll(/^(\S+) = "(.+)"$/gm)) words.set(value, `(${lasting(name)})`)
  return words
}

function withoutDrawn(text: string, known: Drawn): string {
  let plain = text
  for (const [word, name] of known) plain = plain.replaceAll(word, name)
  return plain
}
