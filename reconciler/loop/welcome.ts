import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import type { RunReport } from './outcome.ts'

/** What a person wants to know of a stacklet that has just come up. Holds no secret. */
export interface Welcome {
  readonly id: StackletId
  readonly name: string
  readonly url: string | null
  /** What to type into its login form, without the password; null where it has none. */
  readonly login: { readonly field: 'email' | 'username'; readonly value: string } | null
  /** Rendered; secrets read `***`. */
  readonly hints: readonly string[]
}

export interface WelcomeRequest {
  readonly named: readonly StackletId[]
  /** For `~` in paths. */
  readonly home: string
}

/** Of those that were named, or started for the first time in this run, the ones that are up. */
export async function welcomes(
  world: World,
  report: RunReport,
  { named, home }: WelcomeRequest,
  signal: AbortSignal,
): Promise<readonly Welcome[]> {
  const first = report.steps.filter((step) => step.kind === 'finish-setup').map((step) => step.stacklet)
  const { desired } = await loadDesired(world, 'head', home, signal)
  return desired.stacklets
    .filter((one) => one.state === 'running' && (named.includes(one.id) || first.includes(one.id)))
    .filter((one) => isUp(one.id, report))
    .map((one) => welcome(one, desired))
}

function isUp(id: StackletId, { outcome, steps, notes }: RunReport): boolean {
  if (outcome.kind === 'stalled' || (outcome.kind === 'failed' && steps.length === 0)) return false
  const isDone = steps.every((step) => step.stacklet !== id || step.result === 'done')
  return isDone && notes.every((note) => note.stacklet !== id || note.kind === 'warning' || note.kind === 'drift')
}

function welcome({ id, stacklet, url, hints }: DesiredStacklet, desired: Desired): Welcome {
  const { name, loginField } = stacklet
  const login = loginField === null ? null : { field: loginField, value: adminOf(desired)[loginField] }
  return { id, name: name === '' ? id : name, url, login, hints }
}

/** The first admin of users.toml, or the technical one that every host has. */
function adminOf({ users }: Desired): { readonly email: string; readonly username: string } {
  const admin = users.find((user) => user.role === 'admin')
  return admin === undefined
    ? { email: 'stackadmin@home.local', username: 'stackadmin' }
    : { email: admin.email, username: admin.id }
}
