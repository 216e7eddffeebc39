import { type LockedImage, pinnedReferences, serviceOfLine } from '../model/locked-image.ts'
import type { Situation } from './situation.ts'
import type { Change } from './step.ts'

const suffix = ' image'

/** What the lock says or said, under the names that changes of it have, digests cut short. */
export function lockFields(pinned: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const short = (text: string): string => text.replace(/^.*:([^:@]+)@sha256:([0-9a-f]{12}).*$/, '$1 ($2)')
  return Object.fromEntries(Object.entries(pinned).map(([service, text]) => [`${service}${suffix}`, short(text)]))
}

/** The same of what git says now. */
export function lockedFields(locked: Readonly<Record<string, LockedImage>>): Readonly<Record<string, string>> {
  return lockFields(pinnedReferences(locked))
}

/** The service that a change of the lock is about; null for any other change. */
export function lockedService(change: Pick<Change, 'field'>): string | null {
  const line = changedLine(change)
  return line === null ? null : serviceOfLine(line)
}

function changedLine({ field }: Pick<Change, 'field'>): string | null {
  return field.endsWith(suffix) ? field.slice(0, -suffix.length) : null
}

/**
 * Whether this is a line of the lock that asks for another image than what was applied, or for another one to build upon: a line
 * about what runs already, or about a service whose file says something else by now, changes nothing.
 */
export function changesImage({ wanted, entry }: Situation, change: Change): boolean {
  const line = changedLine(change)
  if (line === null || !(line in wanted.locked || line in (entry?.locked ?? {}))) return false
  const service = serviceOfLine(line)
  if (wanted.project?.services.some(({ name, isBuilt }) => name === service && isBuilt) === true) return true
  const imageIn = (project: Situation['wanted']['project']) =>
    project?.services.find(({ name }) => name === service)?.image
  return imageIn(wanted.project) !== imageIn(entry?.project ?? null)
}
