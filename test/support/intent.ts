import type { DesiredState } from '../../reconciler/model/desired.ts'

/** What a person declares, as plain data. Texts are made from it, and the judge reads it; neither asks the program. */
export interface HostIntent {
  readonly stacklets: readonly StackletIntent[]
  readonly prune: 'keep' | 'down' | 'destroy'
  readonly maxRemovals: number
  readonly selfHeal: boolean
  readonly onFailure: 'rollback' | 'keep'
  readonly concurrency: number
  /** Empty: services answer on their ports. */
  readonly domain: string
}

export interface StackletIntent {
  readonly id: string
  /** unlisted: its directory is there, desired.toml does not name it. */
  readonly state: DesiredState | 'unlisted'
  /** False for one that is declared absent and has left git as well. */
  readonly hasDirectory: boolean
  readonly requires: readonly string[]
  /** Without any it has no Compose file. */
  readonly services: Readonly<Record<string, ServiceIntent>>
  /** Programs of the host that it keeps running, by name, and whether there is an address at which they answer. */
  readonly programs: Readonly<Record<string, { readonly isProbed: boolean }>>
  readonly env: Readonly<Record<string, string>>
  /** Environment in desired.toml, over that of the manifest. */
  readonly override: Readonly<Record<string, string>>
  readonly generate: readonly string[]
  /** More files of its directory, by path. */
  readonly files: Readonly<Record<string, string>>
  readonly alwaysOn: boolean
  /** Whether it declares an HTTP check of its own. */
  readonly isProbed: boolean
  /** Whether it is served under its name, and how that is written. */
  readonly route: 'declared' | 'snippet' | null
  /** Whether a new container runs beside the old one before that goes. */
  readonly startsFirst: boolean
  /** `name:` of its Compose file; null: Compose is told one. */
  readonly project: string | null
  /** A manifest that is written as is, for what a person gets wrong. */
  readonly manifest: string | null
}

export interface ServiceIntent {
  readonly image: string
  /** Build context inside the directory; then `image` is not used. */
  readonly build: string | null
  readonly replicas: number
  readonly port: number | null
  readonly mounts: readonly string[]
  readonly containerName: string | null
  readonly hasHealthcheck: boolean
  readonly restart: 'no' | 'always' | 'unless-stopped'
}

type StackletParts = Partial<Omit<StackletIntent, 'id' | 'services'>> & {
  readonly services?: Readonly<Record<string, Partial<ServiceIntent>>>
}

/** A stacklet with one service, unless told otherwise. */
export function stacklet(id: string, { services = { web: {} }, ...parts }: StackletParts = {}): StackletIntent {
  const nothing = {
    requires: [],
    env: {},
    override: {},
    generate: [],
    files: {},
    programs: {},
    project: null,
    route: null,
    startsFirst: false,
  }
  const made = Object.entries(services).map(([name, service]) => [name, serviceIntent(service)] as const)
  return {
    ...nothing,
    id,
    manifest: null,
    hasDirectory: true,
    state: 'running',
    alwaysOn: false,
    isProbed: false,
    ...parts,
    services: Object.fromEntries(made),
  }
}

function serviceIntent(parts: Partial<ServiceIntent>): ServiceIntent {
  const plain = { build: null, replicas: 1, port: null, mounts: [], containerName: null } as const
  return { image: 'server:1', ...plain, hasHealthcheck: false, restart: 'unless-stopped', ...parts }
}

export function host(
  stacklets: readonly StackletIntent[],
  pace: Partial<Omit<HostIntent, 'stacklets'>> = {},
): HostIntent {
  const usual = { prune: 'down', maxRemovals: 3, selfHeal: true, onFailure: 'rollback', concurrency: 4 } as const
  return { stacklets, ...usual, domain: '', ...pace }
}

export function projectNameOf({ id, project }: Pick<StackletIntent, 'id' | 'project'>): string {
  return project ?? `stack-${id}`
}
