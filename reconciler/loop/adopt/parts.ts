import type { ProjectFolder } from '../../ports/project-folder.ts'
import type { RunningProjects } from '../../ports/running-projects.ts'
import type { World } from '../../ports/world.ts'

/** What adopting needs. */
export interface AdoptParts {
  readonly world: World
  readonly projects: RunningProjects
  readonly folder: ProjectFolder
  /** For `~` in paths. */
  readonly home: string
  /** False where stacklets/ belongs to another repository than desired/. */
  readonly isOneRepository: boolean
}
