import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { StackError } from '../../model/errors.ts'
import { previousName, Secret } from '../../model/secret.ts'
import type { SecretStore, WantedSecret } from '../../ports/secret-store.ts'
import { holdFileLock } from '../process/file-lock.ts'
import { randomSecret } from './random-secret.ts'
import { checkName, globalName } from './secret-names.ts'
import { readSecrets, writeSecrets } from './secret-text.ts'

export interface TomlSecretStoreOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

type Secrets = ReadonlyMap<string, string>

/** Whoever holds the lock only reads and writes one small file: longer than this, something is wrong. */
const longestWaitMs = 30_000

export function tomlSecretStore({ instance }: TomlSecretStoreOptions): SecretStore {
  const path = join(instance, '.stack/secrets.toml')

  return {
    read: async () => {
      const secrets = await load(path)
      return Object.fromEntries([...secrets].map(([name, text]) => [name, new Secret(text)]))
    },
    ensure: async (wanted, signal) => {
      for (const { name } of wanted) checkName(name)
      if (missingOf(wanted, await load(path)).length === 0) return []

      let made: readonly string[] = []
      await change(path, signal, (secrets) => {
        const missing = missingOf(wanted, secrets)
        made = missing.map(({ name }) => name)
        return new Map([...secrets, ...missing.map(({ name, shape }) => [name, randomSecret(shape)] as const)])
      })
      return made
    },
    rotate: async ({ name, shape }, signal) => {
      checkName(name)
      await change(path, signal, (secrets) => {
        const kept = secrets.get(previousName(name)) ?? secrets.get(name) ?? ''
        return new Map([...secrets, [previousName(name), kept], [name, randomSecret(shape)]])
      })
    },
    set: async (name, value, signal) => {
      checkName(name)
      await change(path, signal, (secrets) => new Map([...secrets, [name, value.reveal()]]))
    },
    remove: async (names, signal) => {
      const present = await load(path)
      if (!names.some((name) => present.has(name))) return
      await change(path, signal, (secrets) => new Map([...secrets].filter(([name]) => !names.includes(name))))
    },
  }
}

/** Those that have no value, neither of their own nor a global one. An empty value is none. */
function missingOf(wanted: readonly WantedSecret[], secrets: Secrets): readonly WantedSecret[] {
  const unique = [...new Map(wanted.map((one) => [one.name, one])).values()]
  return unique.filter(({ name }) => !secrets.get(name) && !secrets.get(globalName(name)))
}

/** Reads, changes and replaces the file while no other process can. */
async function change(path: string, signal: AbortSignal, edit: (secrets: Secrets) => Secrets): Promise<void> {
  await writable(path, () => mkdir(dirname(path), { recursive: true, mode: 0o700 }))
  const lock = await lockFor(path, signal)
  try {
    const text = writeSecrets(edit(await load(path)))
    await writable(path, () => writeFileAtomic(path, text, { mode: 0o600 }))
  } finally {
    await lock.release()
  }
}

async function lockFor(path: string, signal: AbortSignal) {
  const wait = { timeoutMs: longestWaitMs }
  const lockPath = join(dirname(path), 'secrets.lock')
  const lock = await holdFileLock({ path: lockPath, wait, signal }).catch((error) => {
    throw signal.aborted ? error : failed(error, lockPath)
  })
  if (!('heldBy' in lock)) return lock
  throw new StackError('STACK_LOCKED', `another process has been writing ${path} for ${longestWaitMs / 1000} s`, {
    hint: 'try again when that process has ended',
  })
}

async function load(path: string): Promise<Secrets> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw failed(error, path)
  })
  return text === null ? new Map() : readSecrets(text)
}

async function writable(path: string, write: () => Promise<unknown>): Promise<void> {
  await write().catch((error) => {
    throw failed(error, path)
  })
}

function failed(error: NodeJS.ErrnoException, path: string): StackError {
  return new StackError('STACK_FILES_FAILED', `cannot use ${path}: ${error.message}`, {
    hint: `make ${dirname(path)} readable and writable for the user that runs stack, and see that its disk has room`,
    cause: error,
  })
}
