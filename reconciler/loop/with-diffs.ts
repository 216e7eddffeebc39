import { insidePath } from '../lib/inside-path.ts'
import { scrubber } from '../lib/scrub.ts'
import { withoutSecretValue } from '../lib/secret-names.ts'
import { textDiff } from '../lib/text-diff.ts'
import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import type { Digest } from '../model/names.ts'
import { type Change, type Plan, type PlannedStep, stackletOf } from '../plan/step.ts'
import type { World } from '../ports/world.ts'
import type { Loaded } from './load-desired.ts'

/** The plan with a diff beside each text file that differs, as far as git still has what it was. */
export async function withDiffs(
  world: World,
  plan: Plan,
  { desired, actual, loaded }: { readonly desired: Desired; readonly actual: Actual; readonly loaded: Loaded },
  signal: AbortSignal,
): Promise<Plan> {
  const secrets = Object.values(await world.secrets.read()).map((secret) => secret.reveal())
  const { scrub } = scrubber(secrets)
  const diffOf = async (path: string, file: string, before: Digest | undefined): Promise<readonly string[]> => {
    const [then, now] = await Promise.all([
      before === undefined ? '' : world.source.former(before, signal),
      loaded.textOf(insidePath(path, file) ?? file),
    ])
    return then === null ? [] : textDiff(then, now ?? '').map((line) => withoutSecretValue(scrub(line)))
  }
  const withDiff = async (step: PlannedStep): Promise<PlannedStep> => {
    const id = stackletOf(step.step)
    const wanted = desired.stacklets.find((one) => one.id === id)
    const files = actual.ledger[id ?? '']?.files
    if (wanted === undefined || files === undefined) return step
    const { path, files: now } = wanted.stacklet
    const isFile = ({ field, want, got }: Change) => want !== got && now[field] !== files[field]
    const changes = await Promise.all(
      step.changes.map(async (change) => {
        const diff = isFile(change) ? await diffOf(path, change.field, files[change.field]) : []
        return diff.length === 0 ? change : { ...change, diff }
      }),
    )
    return { ...step, changes }
  }
  return { ...plan, steps: await Promise.all(plan.steps.map(withDiff)) }
}
