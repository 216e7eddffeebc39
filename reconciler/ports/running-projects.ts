import type { FoundProject } from '../model/found-project.ts'
import type { Secret } from '../model/secret.ts'

/** Compose projects that others started on this engine, and what their files say. Reads only. */
export interface RunningProjects {
  /** Every project with a container, by name. Throws `STACK_ENGINE_UNREACHABLE` where nothing answers. */
  list(signal: AbortSignal): Promise<readonly FoundProject[]>
  /** What Compose makes of these texts of its files and the parts they name, as one file: nothing is filled in. */
  merged(project: FoundProject, texts: readonly string[], signal: AbortSignal): Promise<string>
  /** The variables of env files as Compose reads them, by absolute path; of one that is not there, none. */
  variables(
    project: FoundProject,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>
  /** Containers that Compose would make anew, or for the first time, from the files as they are now. */
  outdated(project: FoundProject, signal: AbortSignal): Promise<readonly string[]>
  /** Where a resolved document, read in this folder, says something else than the project's own files: `services.web.image`. */
  differences(
    project: FoundProject,
    copy: { readonly document: Secret; readonly directory: string },
    signal: AbortSignal,
  ): Promise<readonly string[]>
}
