import { readFile } from 'node:fs/promises'
import type Docker from 'dockerode'
import { StackError } from '../../model/errors.ts'
import type { HelperRequest, OwnContainer } from '../../ports/own-container.ts'
import { connect, engineError, hasStatus } from './connect.ts'
import type { Endpoint } from './endpoint.ts'

/** The engine gives each container three files of its own, from a folder that is called as the container is. */
const ownFile = /\/containers\/([0-9a-f]{64})\/(?:hostname|hosts|resolv\.conf) /

export function ownContainer(findEndpoint: () => Promise<Endpoint>): OwnContainer {
  let found: Promise<string | null> | null = null
  const id = () => {
    found ??= readFile('/proc/self/mountinfo', 'utf8').then(
      (mounts) => ownFile.exec(mounts)?.[1] ?? null,
      () => null,
    )
    return found
  }
  return {
    id,
    async startHelper(request, abortSignal) {
      const own = await id()
      if (own === null) throw outside()
      const endpoint = await findEndpoint()
      try {
        await startLike(await connect(endpoint), own, request, abortSignal)
      } catch (thrown) {
        abortSignal.throwIfAborted()
        if (!hasStatus(thrown, 409)) throw engineError(thrown, endpoint, `start ${request.name}`)
      }
    },
  }
}

async function startLike(
  client: Docker,
  own: string,
  { name, words, labels }: HelperRequest,
  abortSignal: AbortSignal,
): Promise<void> {
  const { Config, HostConfig, Image } = await client.getContainer(own).inspect({ abortSignal })
  const { Binds, Mounts, NetworkMode, GroupAdd, SecurityOpt, Privileged, CapAdd, CapDrop, ExtraHosts, Dns } = HostConfig
  const kept = { Binds, Mounts, NetworkMode, GroupAdd, SecurityOpt, Privileged, CapAdd, CapDrop, ExtraHosts, Dns }
  const container = await client.createContainer({
    name,
    Image,
    Env: Config.Env,
    User: Config.User,
    WorkingDir: Config.WorkingDir,
    Entrypoint: [process.execPath, process.argv[1] ?? ''],
    Cmd: [...words],
    Labels: { ...labels },
    HostConfig: { ...kept, AutoRemove: true, Init: true },
    abortSignal,
  } as Docker.ContainerCreateOptions)
  await container.start({ abortSignal })
}

function outside(): StackError {
  return new StackError('STACK_BUG', 'a helper is wanted by a process that is in no container', {
    hint: 'report it with the output of stack plan --json',
  })
}
