import type { DataVault } from '../../ports/data-vault.ts'
import type { ImageVerifier } from '../../ports/image-verifier.ts'
import type { Registry } from '../../ports/registry.ts'
import type { UpdateMemory } from '../../ports/update-memory.ts'
import type { VolumePlaces } from '../../ports/volume-places.ts'
import type { World } from '../../ports/world.ts'

/** What updates need beside the world. */
export interface UpdateParts {
  readonly world: World
  readonly registry: Registry
  readonly memory: UpdateMemory
  readonly vault: DataVault
  readonly verifier: ImageVerifier
  readonly volumes: VolumePlaces
  /** For `~` in paths. */
  readonly home: string
}
