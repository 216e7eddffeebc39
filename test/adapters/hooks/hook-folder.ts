import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'vitest'

import { type HookHostOptions, hookHost } from '../../../reconciler/adapters/hooks/hook-host.ts'
import type { StackError } from '../../../reconciler/model/errors.ts'
import type { HookEvent } from '../../../reconciler/model/hook.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import { Secret } from '../../../reconciler/model/secret.ts'
import type { HookHost, HookRequest, StackletContext } from '../../../reconciler/ports/hook-host.ts'

/** An instance with one stacklet, `photos`, that hooks and commands are written into, and a host that runs them. */
export interface HookFolder {
  readonly root: string
  /** Writes a file of the stacklet. */
  write(path: string, text: string): string
  /** Runs the hook of this file name, and answers what it told and printed. */
  run(name: string, request?: Partial<HookRequest>, signal?: AbortSignal): Promise<readonly string[]>
  /** The same of a hook that fails; answers its error. */
  failure(name: string, request?: Partial<HookRequest>, signal?: AbortSignal): Promise<StackError>
  /** Everything that is kept by now. */
  readonly secrets: Record<string, string>
  readonly settings: Record<string, Record<string, unknown>>
  readonly memory: NonNullable<HookHostOptions['memory']>
  readonly host: HookHost
  readonly context: StackletContext
  remove(): void
}

export function hookFolder(options: (root: string) => Partial<HookHostOptions> = () => ({})): HookFolder {
  const root = mkdtempSync(join(tmpdir(), 'hooks-'))
  const secrets: Record<string, string> = { global__ADMIN_PASSWORD: 'admin-secret-1', photos__API_KEY: 'photos-key-1' }
  const settings: Record<string, Record<string, unknown>> = {}
  const context = contextIn(root, secrets)
  const memory = memoryOf(secrets, settings)
  const host = hookHost({
    instance: root,
    root,
    env: process.env,
    memory,
    isHealthy: async () => true,
    ...options(root),
  })

  function write(path: string, text: string): string {
    const file = join(root, 'stacklets/photos', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }

  const run: HookFolder['run'] = async (name, request = {}, signal = new AbortController().signal) => {
    const lines: string[] = []
    const file = join(root, 'stacklets/photos/hooks', name)
    const event = name.replace(/\..*$/, '') as HookEvent
    const said = { onLine: (line: string) => lines.push(line) }
    await host.run({ id: 'photos' as StackletId, event, file, context, timeoutMs: 20_000, ...said, ...request }, signal)
    return lines
  }

  const failure: HookFolder['failure'] = (name, request, signal) =>
    run(name, request, signal).then(
      () => {
        throw new Error(`${name} should have failed`)
      },
      (error) => error,
    )

  const remove = () => rmSync(root, { recursive: true, force: true })
  return { root, secrets, settings, memory, host, context, write, run, failure, remove }
}

/** A test that gets a folder of its own, so that several may run at a time. */
export const withFolder = testWith(() => hookFolder())

export function testWith(make: () => HookFolder) {
  return test.extend<{ readonly folder: HookFolder }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads here which fixtures it needs
    folder: async ({}, use) => {
      const folder = make()
      await use(folder)
      folder.remove()
    },
  })
}

function contextIn(root: string, secrets: Readonly<Record<string, string>>): StackletContext {
  return {
    env: { PHOTOS_PORT: new Secret('42010'), PATH: new Secret('/nowhere'), EMPTY: new Secret('') },
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)])),
    users: [{ id: 'homer', name: 'Homer Simpson', email: 'homer@home.local', role: 'admin', stacklets: [] }],
    settings: { core: { domain: 'home.test' }, photos: { quality: 'high', server_name: '' } },
    dataDir: join(root, 'data'),
    domain: 'home.test',
  }
}

/** Stores that read and write at once, as the real ones. */
function memoryOf(secrets: Record<string, string>, settings: Record<string, Record<string, unknown>>) {
  return {
    secrets: {
      read: async () => Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, new Secret(text)])),
      set: async (name: string, value: Secret) => {
        secrets[name] = value.reveal()
      },
    },
    settings: {
      read: async () => settings,
      set: async (table: string, key: string, value: unknown) => {
        settings[table] = { ...settings[table], [key]: value }
      },
    },
  }
}
