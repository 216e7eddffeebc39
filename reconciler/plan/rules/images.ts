import type { ComposeService } from '../../model/compose-project.ts'
import { isLeftAlone } from '../drift-notes.ts'
import { lockedService } from '../lock-changes.ts'
import { needsContainers } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { ProposedStep } from '../step.ts'
import { touchesBuild } from '../touches.ts'
import type { Facts } from './rule.ts'

type Present = Facts['actual']['images']

/**
 * Images are there before a container is stopped for them: a registry that is down costs nobody their service. Who goes back
 * has the images that it had.
 */
export function planImages({ situations, actual, desired }: Facts): readonly ProposedStep[] {
  return situations
    .filter((situation) => needsContainers(situation) && !isLeftAlone(situation, desired))
    .filter(({ wanted }) => wanted.rolledBack?.isPending !== true)
    .flatMap((situation) => [...pullsOf(situation, actual.images), ...buildsOf(situation, actual.images)])
}

function pullsOf({ wanted }: Situation, present: Present): readonly ProposedStep[] {
  const pulled = servicesOf(wanted.project).filter((service) => !service.isBuilt && !present.has(service.image))
  const images = [...new Set(pulled.map((service) => service.image))].sort()
  return images.map((image) => {
    const services = pulled.filter((service) => service.image === image).map((service) => service.name)
    return propose({ kind: 'pull-image', stacklet: wanted.id, image, services, because: 'missing' })
  })
}

/** An image of an earlier life is no evidence: without a ledger entry nobody knows what it was built from. */
function buildsOf({ wanted, content, entry, moved }: Situation, present: Present): readonly ProposedStep[] {
  const built = servicesOf(wanted.project).filter((service) => service.isBuilt)
  const missing = built.filter((service) => !present.has(service.image))
  const changed = built.filter((service) =>
    content.some(
      (change) => touchesBuild(service, change.field, wanted.stacklet) || lockedService(change) === service.name,
    ),
  )
  const byHand = built.filter((service) => moved.includes(service.image))
  const due = built.filter((one) => entry === null || [...missing, ...changed, ...byHand].includes(one))
  if (due.length === 0) return []
  const services = due.map((service) => service.name)
  const because = reasonToBuild({ isKnown: entry !== null, missing, changed })
  return [propose({ kind: 'build-image', stacklet: wanted.id, services, because })]
}

type Services = readonly ComposeService[]

function reasonToBuild({ isKnown, missing, changed }: { isKnown: boolean; missing: Services; changed: Services }) {
  if (missing.length > 0) return 'missing'
  if (!isKnown) return 'not confirmed'
  return changed.length > 0 ? 'content changed' : 'changed on the host'
}

function servicesOf(project: { readonly services: readonly ComposeService[] } | null): readonly ComposeService[] {
  return project?.services ?? []
}
