import { isIgnored } from '../lib/dockerignore.ts'
import { isWithin } from '../lib/inside-path.ts'
import type { ComposeService } from '../model/compose-project.ts'
import type { Stacklet } from '../model/stacklet.ts'

/** Whether a file is, or lies in, something the service mounts, reads or builds from. `path` is relative to the stacklet's directory. */
export function touches(service: ComposeService, path: string, stacklet: Stacklet): boolean {
  return service.sources.some((source) => isIn(path, source)) || touchesBuild(service, path, stacklet)
}

/** Whether the image of the service is built from this file. */
export function touchesBuild({ context }: ComposeService, path: string, { ignores }: Stacklet): boolean {
  if (context === null || !isIn(path, context)) return false
  const inContext = context === '' ? path : path.slice(context.length + 1)
  return !isIgnored(inContext, ignores[context] ?? [])
}

/** The directory itself is the empty path, and what lies elsewhere is not in it. */
function isIn(path: string, place: string): boolean {
  return place === '' ? !path.startsWith('../') : isWithin(path, place)
}
