import type { NewsAbout } from '../../model/engine-news.ts'
import type { StackletId } from '../../model/names.ts'
import type { NewsQuestion } from '../../ports/engine-events.ts'
import { type ToldEvent, withoutSlash } from './event-words.ts'

export type Subject = Omit<NewsAbout, 'atNs'>

/** Which containers are ours. News of a network names a container by its id alone, so those that were seen are remembered. */
export interface OwnSubjects {
  /** Begins anew with the containers that are there. */
  know(containers: readonly SeenContainer[]): void
  /** The container of ours that an event is about; null when it is none. */
  subjectOf(event: ToldEvent): Subject | null
}

export interface SeenContainer {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

export function ownSubjects(question: Pick<NewsQuestion, 'instance' | 'ownerOf'>): OwnSubjects {
  const own = new Map<string, Subject>()

  function note(container: SeenContainer): Subject | null {
    const subject = subjectIn(container, question)
    if (subject !== null) own.set(container.id, subject)
    return subject
  }
  return {
    know(containers) {
      own.clear()
      for (const container of containers) note(container)
    },
    subjectOf({ type, action, containerId, attributes }) {
      if (type !== 'container') return own.get(containerId) ?? null
      const subject = note({ id: containerId, name: attributes['name'] ?? '', labels: attributes })
      if (action === 'destroy') own.delete(containerId)
      return subject
    },
  }
}

function subjectIn({ id, name, labels }: SeenContainer, question: Pick<NewsQuestion, 'instance' | 'ownerOf'>) {
  if (labels['stack.helper'] === 'true') return null
  const project = labels['com.docker.compose.project'] ?? null
  const named = { name: withoutSlash(name), project }
  const stacklet = labelled(labels, question.instance) ?? question.ownerOf(named)
  if (stacklet === null && !isLabelled(labels, question.instance)) return null
  return { ...named, containerId: id, service: labels['com.docker.compose.service'] ?? null, stacklet }
}

function isLabelled(labels: SeenContainer['labels'], instance: string | null): boolean {
  return instance !== null && labels['stack.instance'] === instance
}

function labelled(labels: SeenContainer['labels'], instance: string | null): StackletId | null {
  if (!isLabelled(labels, instance)) return null
  return (labels['stack.stacklet'] as StackletId | undefined) ?? null
}
