import type { HookWorld } from './adapters/hooks/hook-world.ts'
import type { InstancePlace } from './adapters/host/find-instance.ts'
import type { AdoptParts } from './loop/adopt/parts.ts'
import type { DoctorParts, InstanceParts } from './loop/doctor/look-around.ts'
import type { InitParts } from './loop/init-instance.ts'
import type { UpdateParts } from './loop/updates/update-parts.ts'
import { StackError } from './model/errors.ts'
import type { World } from './ports/world.ts'

export interface WiringOptions {
  readonly place: InstancePlace
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when a person sits at our terminal: hooks may ask. */
  readonly isInteractive: boolean
  readonly log?: LogWords
}

/** How to log; without it, what `STACK_LOG` asks for goes to stderr. */
export interface LogWords {
  readonly fd: number
  /** Where `STACK_LOG` says none. */
  readonly level: string
  readonly isPretty: boolean
}

/** The parts list: the only file that knows every adapter. Each is loaded when a world is built, none before. */
export async function wireWorld({ place, env, isInteractive, log }: WiringOptions): Promise<World> {
  const { root, instance } = place
  const { store, scrub } = await secretParts(instance)
  const state = { ...(await stateParts(instance, env)), secrets: store }
  const { commandHost } = await import('./adapters/hooks/command-host.ts')
  const { hookHost } = await import('./adapters/hooks/hook-host.ts')
  const isHealthy: HookWorld['isHealthy'] = async (id, signal) =>
    (await import('./loop/is-healthy.ts')).isHealthy(world, id, env['HOME'] ?? '/root', signal)
  const programs = { instance, root, env, memory: state, isHealthy }
  const world: World = {
    ...(await outspokenParts(env, scrub)),
    ...state,
    source: (await import('./adapters/git/git-source.ts')).gitSource({ root, instance }),
    upstream: (await import('./adapters/git/upstream.ts')).gitUpstream({ instance }),
    editor: (await import('./adapters/git/instance-editor.ts')).instanceEditor({ instance }),
    files: (await import('./adapters/files/instance-files.ts')).instanceFiles({ instance, root }),
    good: (await import('./adapters/good/file-good-versions.ts')).fileGoodVersions({ instance, root }),
    demolition: (await import('./adapters/files/demolition.ts')).demolition({ instance }),
    commands: commandHost(programs),
    hooks: hookHost({ ...programs, interactive: isInteractive }),
    ...(await proxyParts(instance, env)),
    listeners: (await import('./adapters/doctor/listening-programs.ts')).listeningPrograms(),
    clock: (await import('./adapters/clock/system-clock.ts')).systemClock(),
    log: await (await import('./adapters/log/pino-log.ts')).pinoLog({
      ...log,
      level: env['STACK_LOG'] || log?.level,
      scrub,
    }),
  }
  return world
}

type Scrub = (text: string) => string

async function secretParts(instance: string): Promise<{ readonly store: World['secrets']; readonly scrub: Scrub }> {
  const { tomlSecretStore } = await import('./adapters/secrets/toml-secret-store.ts')
  const { knownSecrets } = await import('./adapters/secrets/known-secrets.ts')
  return knownSecrets(tomlSecretStore({ instance }))
}

/** What passes on the words of other programs, which may hold secrets. */
async function outspokenParts(env: WiringOptions['env'], scrub: Scrub) {
  const { httpProber } = await import('./adapters/probe/http-prober.ts')
  const { withoutSecrets } = await import('./adapters/secrets/without-secrets.ts')
  return withoutSecrets({ ...(await dockerParts(env)), prober: httpProber() }, scrub)
}

/** What makes a folder an instance. Its world is built only when it is asked for: a new instance needs none. */
export async function wireInit(
  folder: string,
  { env, isInteractive }: Omit<WiringOptions, 'place'>,
): Promise<InitParts> {
  return {
    instance: (await import('./adapters/instance/new-instance.ts')).newInstance({ folder }),
    repository: (await import('./adapters/git/new-repository.ts')).newRepository({ folder }),
    world: once(() => wireWorld({ place: { instance: folder, root: folder }, env, isInteractive })),
    home: env['HOME'] ?? '/root',
  }
}

/** What finds a Compose project that somebody else started, and makes a stacklet of it. */
export async function wireAdopt(world: World, { place, env }: WiringOptions): Promise<AdoptParts> {
  const { findEndpoint } = await import('./adapters/docker/endpoint.ts')
  const { runningProjects } = await import('./adapters/docker/running-projects.ts')
  const { projectFolder } = await import('./adapters/files/project-folder.ts')
  return {
    world,
    projects: runningProjects({ env, findEndpoint: once(() => findEndpoint(env)) }),
    folder: projectFolder(),
    home: env['HOME'] ?? '/root',
    isOneRepository: place.instance === place.root,
  }
}

/** What keeps images new: built for one check, so that a registry is introduced to once in each. */
export async function wireUpdates(world: World, { place, env }: WiringOptions): Promise<UpdateParts> {
  const { findEndpoint } = await import('./adapters/docker/endpoint.ts')
  const { dockerVolumes } = await import('./adapters/docker/volume-places.ts')
  const { cosignVerifier } = await import('./adapters/updates/cosign-verifier.ts')
  const { fileDataVault } = await import('./adapters/updates/file-data-vault.ts')
  const { dockerRegistry } = await import('./adapters/registry/docker-registry.ts')
  return {
    world,
    registry: dockerRegistry({ env, clock: world.clock }),
    memory: await wireUpdateMemory(place),
    vault: fileDataVault(),
    verifier: cosignVerifier({ instance: place.instance, env }),
    volumes: dockerVolumes(once(() => findEndpoint(env))),
    home: env['HOME'] ?? '/root',
  }
}

/** What the last look for updates found. */
export async function wireUpdateMemory({ instance }: InstancePlace): Promise<UpdateParts['memory']> {
  return (await import('./adapters/updates/file-update-memory.ts')).fileUpdateMemory({ instance })
}

/** What looks for disorder. The world of the instance is built all the same: whatever is broken of it is told, not thrown. */
export async function wireDoctor(
  found: InstancePlace | StackError,
  { env, isInteractive }: Omit<WiringOptions, 'place'>,
): Promise<DoctorParts> {
  return {
    machine: (await import('./adapters/doctor/machine.ts')).thisMachine({ env }),
    docker: (await import('./adapters/docker/docker-probe.ts')).dockerProbe({ env }),
    privateEngine: (await import('./adapters/engine/private-engine.ts')).privateEngine({ env }),
    clock: (await import('./adapters/clock/system-clock.ts')).systemClock(),
    home: env['HOME'] ?? '/root',
    place:
      found instanceof StackError
        ? { kind: 'none', problem: found }
        : await instanceParts(found, { env, isInteractive }),
  }
}

async function instanceParts(place: InstancePlace, rest: Omit<WiringOptions, 'place'>): Promise<InstanceParts> {
  const { instanceProbe } = await import('./adapters/doctor/instance-probe.ts')
  const { repositoryProbe } = await import('./adapters/git/repository-probe.ts')
  const temporary = rest.env['TMPDIR'] || '/tmp'
  return {
    kind: 'instance',
    folder: place.instance,
    world: await wireWorld({ place, ...rest }),
    probe: instanceProbe({ ...place, temporary }),
    repository: repositoryProbe({ instance: place.instance }),
  }
}

type DockerPorts = Pick<World, 'engine' | 'images' | 'own' | 'console' | 'events' | 'compose'>

/** The engine and Compose, both at the one address that Docker's own tools would use. */
async function dockerParts(env: WiringOptions['env']): Promise<DockerPorts> {
  const { findEndpoint } = await import('./adapters/docker/endpoint.ts')
  const { dockerEngine } = await import('./adapters/docker/container-engine.ts')
  const { dockerImages } = await import('./adapters/docker/image-store.ts')
  const { ownContainer } = await import('./adapters/docker/own-container.ts')
  const { dockerConsole } = await import('./adapters/docker/container-console.ts')
  const { engineEvents } = await import('./adapters/docker/engine-events.ts')
  const { composeProgram } = await import('./adapters/docker/compose.ts')
  const endpoint = once(() => findEndpoint(env))
  return {
    engine: dockerEngine(endpoint),
    images: dockerImages(endpoint),
    own: ownContainer(endpoint),
    console: dockerConsole(endpoint),
    events: engineEvents(endpoint),
    compose: composeProgram({ env, findEndpoint: endpoint }),
  }
}

/** Caddy, and how its container is asked what it thinks of a configuration. */
async function proxyParts(instance: string, env: WiringOptions['env']): Promise<Pick<World, 'proxy' | 'sites'>> {
  const { findEndpoint } = await import('./adapters/docker/endpoint.ts')
  const { askInContainer } = await import('./adapters/docker/ask-in-container.ts')
  const { caddyProxy } = await import('./adapters/caddy/caddy-proxy.ts')
  const { caddyValidate } = await import('./adapters/caddy/caddy-validate.ts')
  const { siteProber } = await import('./adapters/caddy/site-prober.ts')
  const validate = caddyValidate(instance, askInContainer(once(() => findEndpoint(env))))
  return { proxy: caddyProxy({ instance, validate }), sites: siteProber({ instance }) }
}

type State = Pick<
  World,
  'settings' | 'localLock' | 'ledger' | 'standings' | 'records' | 'host' | 'lock' | 'daemonLock' | 'slots'
>

/** What lies in `.stack/`. */
async function stateParts(instance: string, env: WiringOptions['env']): Promise<State> {
  const { hostLock } = await import('./adapters/lock/host-lock.ts')
  return {
    settings: (await import('./adapters/settings/toml-local-settings.ts')).tomlLocalSettings({ instance }),
    localLock: (await import('./adapters/updates/file-local-lock.ts')).fileLocalLock({ instance }),
    ledger: (await import('./adapters/journal/file-ledger.ts')).fileLedger({ instance }),
    standings: (await import('./adapters/journal/file-standings.ts')).fileStandings({ instance }),
    records: (await import('./adapters/journal/run-records.ts')).fileRunRecords({ instance }),
    host: (await import('./adapters/host/host-facts.ts')).hostFacts({ instance, env }),
    lock: hostLock({ instance, file: 'lock' }),
    daemonLock: hostLock({ instance, file: 'daemon.lock' }),
    slots: (await import('./adapters/journal/file-slots.ts')).fileSlots({ instance }),
  }
}

function once<Answer>(find: () => Promise<Answer>): () => Promise<Answer> {
  let found: Promise<Answer> | null = null
  return () => {
    found ??= find()
    return found
  }
}
