import type { ComposeService } from '../../model/compose-project.ts'
import { isLeftAlone } from '../drift-notes.ts'
import { needsContainers } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { ProposedStep } from '../step.ts'
import { touches } from '../touches.ts'
import type { Facts } from './rule.ts'

/** Images are there before a container is stopped for them: a registry that is down costs nobody their service. */
export function planImages({ situations, actual, desired }: Facts): readonly ProposedStep[] {
  return situations
    .filter((situation) => needsContainers(situation) && !isLeftAlone(situation, desired))
    .flatMap((situation) => [...pullsOf(situation, actual.images), ...buildsOf(situation, actual.images)])
}

function pullsOf({ wanted }: Situation, present: readonly string[]): readonly ProposedStep[] {
  const pulled = servicesOf(wanted.project).filter((service) => !service.isBuilt && !present.includes(service.image))
  const images = [...new Set(pulled.map((service) => service.image))].sort()
  return images.map((image) => {
    const services = pulled.filter((service) => service.image === image).map((service) => service.name)
    return propose({ kind: 'pull-image', stacklet: wanted.id, image, services, because: 'missing' })
  })
}

/** An image of an earlier life is no evidence: without a ledger entry nobody knows what it was built from. */
function buildsOf({ wanted, content, entry }: Situation, present: readonly string[]): readonly ProposedStep[] {
  const built = servicesOf(wanted.project).filter((service) => service.isBuilt)
  const missing = built.filter((service) => !present.includes(service.image))
  const changed = built.filter((service) => content.some((change) => touches(service, change.field)))
  const due = built.filter((service) => entry === null || missing.includes(service) || changed.includes(service))
  if (due.length === 0) return []
  const services = due.map((service) => service.name)
  const known = entry === null ? 'not confirmed' : 'content changed'
  const because = missing.length > 0 ? 'missing' : known
  return [propose({ kind: 'build-image', stacklet: wanted.id, services, because })]
}

function servicesOf(project: { readonly services: readonly ComposeService[] } | null): readonly ComposeService[] {
  return project?.services ?? []
}
