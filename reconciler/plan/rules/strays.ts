import { claims } from '../blocked.ts'
import { isWantedUp } from '../needs.ts'
import { isOurs } from '../ownership.ts'
import { propose } from '../propose.ts'
import { presenceChange } from '../state-changes.ts'
import type { ProposedStep } from '../step.ts'
import type { Facts } from './rule.ts'

/** Containers in the way: of services that left the document (ours, removed), and of strangers under our names (held). */
export function planStrays({ situations, actual }: Facts): readonly ProposedStep[] {
  return situations.filter(isWantedUp).flatMap(({ wanted, orphans, stuck }) => [
    ...[...orphans, ...stuck.removed.map((container) => ({ container, because: 'stuck in a start' }) as const)].map(
      ({ container, because }) =>
        propose(
          {
            kind: 'remove-orphan',
            stacklet: wanted.id,
            container: container.name,
            containerId: container.id,
            because,
          },
          [presenceChange(container, because)],
        ),
    ),
    ...actual.containers
      .filter((one) => one.instance === null && claims(wanted, one) && !isOurs(one, actual))
      .map((one) =>
        propose({
          kind: 'remove-foreign',
          stacklet: wanted.id,
          container: one.name,
          containerId: one.id,
          because: 'name taken',
        }),
      ),
  ])
}
