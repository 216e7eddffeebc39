import { familiarName, parseImageReference } from '../lib/image-reference.ts'

/** One line of a lock: what a service runs, whatever its tag means today. */
export interface LockedImage {
  /** As the Compose file has it, variables filled in. A service whose file says something else by now is not bound by the line. */
  readonly image: string
  readonly tag: string
  /** `sha256:…` */
  readonly digest: string
}

/** Stacklet to service to what it runs. */
export type Lock = Readonly<Record<string, Readonly<Record<string, LockedImage>>>>

/**
 * The name of the line for one more image that a service is built from: `web from node:20`. The line under the service's own name is
 * about what it runs, or is built upon.
 */
export function furtherLine(service: string, image: string): string {
  return `${service} from ${image}`
}

/** The service that a line of this name is about: no service has a space in its name. */
export function serviceOfLine(name: string): string {
  return name.split(' ')[0] ?? name
}

/** `postgres:16-alpine@sha256:…`: the same bytes wherever and whenever it is pulled, and the tag for whoever reads it. */
export function pinnedReference({ image, tag, digest }: LockedImage): string {
  const reference = parseImageReference(image)
  return `${reference === null ? image : familiarName(reference)}:${tag}@${digest}`
}

/** The same under the name of each service. */
export function pinnedReferences(locked: Readonly<Record<string, LockedImage>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(locked).map(([service, line]) => [service, pinnedReference(line)]))
}
