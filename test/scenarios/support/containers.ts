import type { Docker } from '../../engine/images.ts'
import type { Instance } from './instance.ts'

/** A container as the engine sees it, asked past our own program. */
export interface Seen {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly exitCode: number
  readonly startedAt: string
  readonly image: string
  readonly env: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

/** Null when there is no container of this name. */
export async function seen(docker: Docker, name: string): Promise<Seen | null> {
  const text = await docker(['container', 'inspect', name]).catch(noneSuch)
  return text === null ? null : seenIn(JSON.parse(text)[0])
}

/** Throws when there is no container of this name. */
export async function mustSee(docker: Docker, name: string): Promise<Seen> {
  const found = await seen(docker, name)
  if (found === null) throw new Error(`there is no container ${name}`)
  return found
}

/** Name to `id state startedAt` of every container of an instance: equal twice means that nothing was started, stopped or replaced. */
export async function allOf({ docker, read }: Instance): Promise<Readonly<Record<string, string>>> {
  const instance = (await read('.stack/instance-id').catch(() => 'none')).trim()
  const ids = await docker(['ps', '--all', '--quiet', '--filter', `label=stack.instance=${instance}`])
  if (ids === '') return {}
  const all = JSON.parse(await docker(['container', 'inspect', ...ids.split('\n')])).map(seenIn) as readonly Seen[]
  const lines = all.map(({ name, id, state, startedAt }) => [name, `${id.slice(0, 12)} ${state} ${startedAt}`] as const)
  return Object.fromEntries(lines.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The names of running containers of an instance, sorted. */
export async function runningOf(instance: Instance): Promise<readonly string[]> {
  const all = Object.entries(await allOf(instance))
  return all.filter(([, line]) => line.split(' ')[1] === 'running').map(([name]) => name)
}

// biome-ignore lint/suspicious/noExplicitAny: what the engine answers
function seenIn(info: any): Seen {
  return {
    id: info.Id,
    name: info.Name.slice(1),
    state: info.State.Status,
    exitCode: info.State.ExitCode,
    startedAt: info.State.StartedAt,
    image: info.Config.Image,
    env: Object.fromEntries((info.Config.Env ?? []).map((text: string) => split(text))),
    labels: info.Config.Labels ?? {},
  }
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}

function noneSuch(error: Error): null {
  if (/no such container/i.test(error.message)) return null
  throw error
}
