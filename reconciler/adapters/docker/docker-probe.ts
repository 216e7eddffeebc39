import type Docker from 'dockerode'

import { StackError } from '../../model/errors.ts'
import type {
  AnsweringEngine,
  ComposeAnswer,
  DockerProbe,
  RunningContainer,
  SilentEngine,
} from '../../ports/docker-probe.ts'
import { run } from '../process/run.ts'
import { composeVersion } from './commands.ts'
import { childEnvironment, findCompose } from './compose-binary.ts'
import { connect, engineError, unreachable } from './connect.ts'
import { type Endpoint, type Environment, findEndpoint, isChosen } from './endpoint.ts'

export interface DockerProbeOptions {
  readonly env: Environment
  /** An engine that takes longer hangs. Default 5 s. */
  readonly answerMs?: number
}

/** Docker's parts as its own tools would find them. */
export function dockerProbe({ env, answerMs = 5_000 }: DockerProbeOptions): DockerProbe {
  return {
    engine: (signal) => askEngine(env, answerMs, signal),
    compose: (signal) => askCompose(env, signal),
  }
}

async function askEngine(
  env: Environment,
  answerMs: number,
  signal: AbortSignal,
): Promise<AnsweringEngine | SilentEngine> {
  let endpoint: Endpoint
  try {
    endpoint = await findEndpoint(env)
  } catch (thrown) {
    return { ...silent(thrown as StackError), address: null, why: '', isChosen: true }
  }
  const late = AbortSignal.timeout(answerMs)
  try {
    return await answerOf(endpoint, AbortSignal.any([signal, late]))
  } catch (thrown) {
    signal.throwIfAborted()
    const hangs = `no answer within ${answerMs / 1000} s`
    const why = late.aborted ? hangs : (thrown as NodeJS.ErrnoException).code
    const error = late.aborted
      ? unreachable(endpoint, hangs, thrown)
      : engineError(thrown, endpoint, 'asking the engine')
    return { ...silent(error), address: endpoint.address, why: why ?? '', isChosen: await isChosen(env) }
  }
}

function silent({ message, hint }: StackError): Pick<SilentEngine, 'kind' | 'message' | 'hint'> {
  return { kind: 'silent', message, hint }
}

async function answerOf(endpoint: Endpoint, abortSignal: AbortSignal): Promise<AnsweringEngine> {
  const client = await connect(endpoint)
  const [version, info, networks, containers] = await Promise.all([
    cancellable<Docker.DockerVersion>(client.version.bind(client))({ abortSignal }),
    cancellable<{ DockerRootDir?: string }>(client.info.bind(client))({ abortSignal }),
    client.listNetworks({ abortSignal }),
    client.listContainers({ abortSignal }),
  ])
  return {
    kind: 'answers',
    address: endpoint.address,
    version: version.Version,
    api: version.ApiVersion,
    dataRoot: info.DockerRootDir ?? null,
    networks: networks.map((network) => network.Name).sort(),
    running: containers.map(runningContainer),
  }
}

/** The client takes a signal here; its types do not say so. */
function cancellable<Answer>(call: unknown): (options: object) => Promise<Answer> {
  return call as (options: object) => Promise<Answer>
}

function runningContainer({ Names, Labels, Ports }: Docker.ContainerInfo): RunningContainer {
  return {
    name: (Names[0] ?? '').replace(/^\//, ''),
    project: Labels['com.docker.compose.project'] ?? null,
    instance: Labels['stack.instance'] ?? null,
    stacklet: Labels['stack.stacklet'] ?? null,
    isHelper: Labels['stack.helper'] === 'true',
    ports: Ports.flatMap(({ IP, PublicPort, Type }) =>
      PublicPort === undefined ? [] : [{ address: IP ?? '0.0.0.0', port: PublicPort, protocol: Type }],
    ),
  }
}

const composeMs = 10_000

/** Asked with the very options that every other call of ours has. */
async function askCompose(env: Environment, signal: AbortSignal): Promise<ComposeAnswer> {
  try {
    const [program = '', ...words] = await findCompose(env)
    const ran = await run([program, ...words, ...composeVersion], {
      env: childEnvironment(env, 'unix:///dev/null'),
      signal,
      timeoutMs: composeMs,
    })
    signal.throwIfAborted()
    if (ran.exitCode === 0) return { kind: 'works', version: ran.stdout.trim().replace(/^v/, ''), program }
    const said = ran.stderr.trim().split('\n').at(-1) || `it exited ${ran.exitCode}`
    return { kind: 'broken', message: `${program} does not work: ${said}`, hint: 'install Compose v2 anew' }
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof StackError) return { kind: 'missing', message: thrown.message, hint: thrown.hint }
    return { kind: 'broken', message: (thrown as Error).message, hint: 'install Compose v2 anew' }
  }
}
