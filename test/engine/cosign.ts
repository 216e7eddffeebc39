import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { placesIn } from '../../demo/places.ts'
import { unpackPackages } from '../../reconciler/adapters/engine/unpack-packages.ts'
import { run } from '../../reconciler/adapters/process/run.ts'

const { parts } = placesIn(process.env)

/** The real program, from Debian's package, and keys to sign with. */
export interface Cosign {
  /** Its folder, for a PATH. */
  readonly folder: string
  readonly makeKey: () => Promise<SigningKey>
  readonly remove: () => Promise<void>
}

export interface SigningKey {
  /** PEM. */
  readonly publicKey: string
  /** Signs `127.0.0.1:PORT/name@sha256:…` in its registry, and tells no public log of it. */
  readonly sign: (reference: string) => Promise<void>
}

export async function cosignProgram(): Promise<Cosign> {
  const { root } = await unpackPackages({ folder: join(dirname(parts), 'cosign'), packages: ['cosign/trixie'] })
  const folder = join(root, 'usr/bin')
  const keys = await mkdtemp(join(tmpdir(), 'stackloop-keys-'))
  const env = { ...process.env, HOME: keys, COSIGN_PASSWORD: '' }
  const call = async (...words: string[]): Promise<string> => {
    const ran = await run([join(folder, 'cosign'), ...words], { cwd: keys, env, timeoutMs: 60_000 })
    if (ran.exitCode !== 0) throw new Error(`cosign ${words[0]}: ${ran.stderr}`)
    return ran.stdout
  }
  let made = 0
  return {
    folder,
    async makeKey() {
      const name = `key-${++made}`
      await call('generate-key-pair', '--output-key-prefix', name)
      return {
        publicKey: await call('public-key', '--key', `${name}.key`),
        async sign(reference) {
          const flags = ['--yes', '--key', `${name}.key`, '--tlog-upload=false', '--allow-http-registry']
          await call('sign', ...flags, reference)
        },
      }
    },
    remove: () => rm(keys, { recursive: true, force: true }),
  }
}
