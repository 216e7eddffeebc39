import type { ComposeService } from '../model/compose-project.ts'

/** Whether a file of the stacklet is, or lies in, something the service mounts, reads or builds from. */
export function touches(service: ComposeService, path: string): boolean {
  return service.sources.some((source) => source === '' || source === path || path.startsWith(`${source}/`))
}
