import type { StackletId } from '../../model/names.ts'
import type { LocalSettings } from '../../ports/local-settings.ts'
import type { SecretStore } from '../../ports/secret-store.ts'
import type { Environment } from './hook-environment.ts'

/** What stacklets' programs need of the host, and what they may ask us to keep. */
export interface HookWorld {
  /** Absolute folder of the instance. */
  readonly instance: string
  /** Absolute folder that stacklets/ lies in. */
  readonly root: string
  /** Our own environment, of which programs get a part. */
  readonly env: Environment
  /** Where `ctx.secret` and `ctx.cfg` read and write. */
  readonly memory: { readonly secrets: Pick<SecretStore, 'read' | 'set'>; readonly settings: LocalSettings }
  /** What `config.is_healthy()` answers. */
  readonly isHealthy: (id: StackletId, signal: AbortSignal) => Promise<boolean>
}
