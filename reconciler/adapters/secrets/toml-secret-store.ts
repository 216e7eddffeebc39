import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { StackError } from '../../model/errors.ts'
import { previousName, Secret } from '../../model/secret.ts'
import type { SecretStore, WantedSecret } from '../../ports/secret-store.ts'
import { underLock } from '../process/under-lock.ts'
import { randomSecret } from './random-secret.ts'
import { checkName, globalName } from './secret-names.ts'
import { readSecrets, writeSecrets } from './secret-text.ts'

export interface TomlSecretStoreOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

type Secrets = ReadonlyMap<string, string>

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
  const rewrite = async (): Promise<void> => {
    const text = writeSecrets(edit(await load(path)))
    await writeFileAtomic(path, text, { mode: 0o600 })
  }
  await underLock(join(dirname(path), 'secrets.lock'), rewrite, signal).catch((error) => {
    throw error instanceof StackError || signal.aborted ? error : failed(error, path)
  })
}

async function load(path: string): Promise<Secrets> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw failed(error, path)
  })
  return text === null ? new Map() : readSecrets(text)
}

function failed(error: NodeJS.ErrnoException, path: string): StackError {
  return new StackError('STACK_FILES_FAILED', `cannot use ${path}: ${error.message}`, {
    hint: `make ${dirname(path)} readable and writable for the user that runs stack, and see that its disk has room`,
    cause: error,
  })
}
