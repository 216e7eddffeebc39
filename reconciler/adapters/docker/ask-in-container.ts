import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { connect } from './connect.ts'
import type { Endpoint } from './endpoint.ts'

interface Question {
  /** Absolute folder of this machine that the container mounts. */
  readonly mounting: string
  readonly argv: readonly string[]
  readonly input: string
}

interface Answer {
  readonly exitCode: number
  /** Both streams. */
  readonly output: string
}

/** Asks a program in a running container something, and answers what it said; null where no such container runs. */
export function askInContainer(
  findEndpoint: () => Promise<Endpoint>,
): (question: Question, signal: AbortSignal) => Promise<Answer | null> {
  return async ({ mounting, argv, input }, abortSignal) => {
    const client = await connect(await findEndpoint())
    const filters = { volume: [mounting], status: ['running'] }
    const [found] = await client.listContainers({ filters, abortSignal })
    if (found === undefined) return null
    const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true }
    const exec = await client.getContainer(found.Id).exec({ ...attached, Cmd: [...argv], abortSignal })
    const stream = await exec.start({ hijack: true, stdin: true, abortSignal })
    stream.end(input)
    const output = await outputOf(client, stream)
    return { exitCode: await exitCodeOf(exec), output }
  }
}

async function outputOf({ modem }: Docker, stream: Duplex): Promise<string> {
  const chunks: Buffer[] = []
  const both = new PassThrough()
  both.on('data', (chunk: Buffer) => chunks.push(chunk))
  modem.demuxStream(stream, both, both)
  await once(stream, 'end')
  return Buffer.concat(chunks).toString('utf8')
}

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect()
    if (!Running) return ExitCode ?? 1
    await sleep(20)
  }
}
