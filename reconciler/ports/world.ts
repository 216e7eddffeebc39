import type { Clock } from './clock.ts'
import type { Compose } from './compose.ts'
import type { ContainerConsole } from './container-console.ts'
import type { ContainerEngine } from './container-engine.ts'
import type { Demolition } from './demolition.ts'
import type { EngineEvents } from './engine-events.ts'
import type { FrontProxy } from './front-proxy.ts'
import type { GoodVersions } from './good-versions.ts'
import type { CommandHost, HookHost } from './hook-host.ts'
import type { Host } from './host.ts'
import type { HostLock } from './host-lock.ts'
import type { ImageStore } from './image-store.ts'
import type { InstanceEditor } from './instance-editor.ts'
import type { InstanceFiles } from './instance-files.ts'
import type { InstanceSource } from './instance-source.ts'
import type { Ledger } from './ledger.ts'
import type { Listeners } from './listeners.ts'
import type { LocalLock } from './local-lock.ts'
import type { LocalSettings } from './local-settings.ts'
import type { Log } from './log.ts'
import type { OwnContainer } from './own-container.ts'
import type { Prober } from './prober.ts'
import type { RunRecords } from './run-records.ts'
import type { SecretStore } from './secret-store.ts'
import type { SiteProber } from './site-prober.ts'
import type { Slots } from './slots.ts'
import type { Standings } from './standings.ts'
import type { Upstream } from './upstream.ts'

/** Everything outside of us that the loop may ask. Built once, in wiring; the tests build another. */
export interface World {
  readonly engine: ContainerEngine
  readonly images: ImageStore
  readonly own: OwnContainer
  readonly console: ContainerConsole
  readonly events: EngineEvents
  readonly compose: Compose
  readonly source: InstanceSource
  readonly upstream: Upstream
  readonly editor: InstanceEditor
  readonly secrets: SecretStore
  readonly settings: LocalSettings
  readonly localLock: LocalLock
  readonly files: InstanceFiles
  readonly demolition: Demolition
  readonly ledger: Ledger
  readonly standings: Standings
  readonly good: GoodVersions
  readonly records: RunRecords
  readonly host: Host
  readonly lock: HostLock
  /** Held by the daemon as long as it lives; who runs holds `lock`. */
  readonly daemonLock: HostLock
  readonly slots: Slots
  readonly listeners: Listeners
  readonly hooks: HookHost
  readonly commands: CommandHost
  readonly prober: Prober
  readonly proxy: FrontProxy
  readonly sites: SiteProber
  readonly clock: Clock
  readonly log: Log
}
