import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { unpackPackages } from '../../reconciler/adapters/engine/unpack-packages.ts'
import { endDaemon, startDaemon } from '../../reconciler/adapters/process/daemon.ts'
import { isRunning, type ProcessIdentity } from '../../reconciler/adapters/process/process-identity.ts'
import { freePort } from './ports.ts'

export interface Registry {
  /** `127.0.0.1:PORT`, which every engine takes for an insecure registry without being told. */
  readonly address: string
  stop(): Promise<void>
}

interface RegistryOptions {
  /** Where the package is unpacked; may be shared. */
  readonly packageFolder: string
  /** The registry's own: its config, its log, its images. */
  readonly folder: string
  /** The text of an htpasswd file (bcrypt); without it everybody may do everything. */
  readonly htpasswd?: string
}

interface Running {
  readonly process: ProcessIdentity
  readonly port: number
}

/** Starts Debian's docker-registry as a daemon; where one runs already in this folder, it is that one, at the same address. */
export async function startRegistry({ packageFolder, folder, htpasswd }: RegistryOptions): Promise<Registry> {
  const { root } = await unpackPackages({ folder: packageFolder, packages: ['docker-registry/trixie'] })
  await mkdir(folder, { recursive: true })
  const before = await readRunning(folder)
  const running = before ?? (await start(join(root, 'usr/bin/docker-registry'), folder, htpasswd))

  await untilReady(running, folder)
  return { address: `127.0.0.1:${running.port}`, stop: () => endDaemon(running.process, 5000) }
}

async function start(program: string, folder: string, htpasswd: string | undefined): Promise<Running> {
  // Images carry the address in their names: it stays the same for as long as it can.
  const port = await freePort(await portBefore(folder))
  if (htpasswd !== undefined) await writeFile(join(folder, 'htpasswd'), htpasswd)
  await writeFile(join(folder, 'config.yml'), config(folder, port, htpasswd !== undefined))

  const argv = [program, 'serve', join(folder, 'config.yml')]
  const process_ = await startDaemon(argv, { env: process.env, cwd: folder, logFile: join(folder, 'registry.log') })
  const running = { process: process_, port }
  await writeFile(join(folder, 'running.json'), JSON.stringify(running))
  return running
}

function config(folder: string, port: number, hasPassword: boolean): string {
  return `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(join(folder, 'images'))} }
  delete: { enabled: true }
http: { addr: "127.0.0.1:${port}" }
${hasPassword ? `auth: { htpasswd: { realm: test, path: ${JSON.stringify(join(folder, 'htpasswd'))} } }` : ''}
`
}

async function portBefore(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'running.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Running).port
}

async function readRunning(folder: string): Promise<Running | undefined> {
  const text = await readFile(join(folder, 'running.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const running = JSON.parse(text) as Running
  return (await isRunning(running.process)) ? running : undefined
}

async function untilReady({ process, port }: Running, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined)
    if (answer?.status === 200 || answer?.status === 401) return
    if (!(await isRunning(process))) break
    await sleep(50)
  }
  throw new Error(`the registry did not start:\n${await readFile(join(folder, 'registry.log'), 'utf8')}`)
}
