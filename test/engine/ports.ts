import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Below the range from which the kernel takes ports for outgoing connections. */
const first = 20_000
const count = 10_000
const claims = join(tmpdir(), 'stackloop-test-ports')

/** A TCP port that nobody listens on and no other test process on this machine was given. It stays ours until we end. */
export async function freePort(preferred?: number): Promise<number> {
  mkdirSync(claims, { recursive: true })
  const start = randomBytes(4).readUInt32LE() % count
  const candidates = Array.from({ length: count }, (_, offset) => first + ((start + offset) % count))
  for (const port of preferred === undefined ? candidates : [preferred, ...candidates]) {
    if (claim(port) && (await isFree(port))) return port
  }
  throw new Error(`no port is free between ${first} and ${first + count}`)
}

/** A name no other test uses: `web-3f9c01ab`. Fit for projects, containers, networks, stacklets. */
export function uniqueName(stem: string): string {
  return `${stem}-${randomBytes(4).toString('hex')}`
}

/** Taking a dead process's claim over is not atomic; two processes that do it at once would also have to draw the same port. */
function claim(port: number): boolean {
  const file = join(claims, String(port))
  if (isDeadClaim(file)) rmSync(file, { force: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

function isDeadClaim(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
