import type { Registry } from '../../ports/registry.ts'
import type { UpdateMemory } from '../../ports/update-memory.ts'
import type { World } from '../../ports/world.ts'

/** What updates need beside the world. */
export interface UpdateParts {
  readonly world: World
  readonly registry: Registry
  readonly memory: UpdateMemory
  /** For `~` in paths. */
  readonly home: string
}
