import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const relayProgram = fileURLToPath(new URL('./relay-apart.ts', import.meta.url))

/**
 * Lets everybody in the network namespace of this process reach what listens here at `127.0.0.1:PORT`, at that very address: files
 * know no network, so the way leads through a socket of this path. Answers what ends that.
 */
export async function bringNear(pid: number, address: string, socketPath: string): Promise<() => Promise<void>> {
  const [host = '', port = ''] = address.split(':')
  const server = createServer((near) => {
    const far = connect(Number(port), host)
    for (const side of [near, far]) side.on('error', () => [near, far].map((one) => one.destroy()))
    near.pipe(far).pipe(near)
  })
  await rm(socketPath, { force: true })
  server.listen(socketPath)
  await once(server, 'listening')
  const words = [process.execPath, '--import', import.meta.resolve('tsx'), relayProgram, port, socketPath]
  const relay = spawn('nsenter', [`--net=/proc/${pid}/ns/net`, '--', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(relay, 'exit')
  await Promise.race([once(relay.stdout, 'data'), ended.then(() => Promise.reject(new Error('the relay ended')))])
  return async () => {
    relay.kill('SIGKILL')
    await ended
    server.close()
  }
}
