import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { insidePath } from '../../lib/inside-path.ts'
import type { ImageVerifier } from '../../ports/image-verifier.ts'
import { run } from '../process/run.ts'

export interface CosignOptions {
  readonly instance: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const longestMs = 120_000

/** The `cosign` program. What cannot be checked does not pass. */
export function cosignVerifier({ instance, env }: CosignOptions): ImageVerifier {
  return {
    async verify({ reference, key, log }, signal) {
      const path = resolve(join(instance, key))
      const fault = await faultOfKey(key, path)
      if (fault !== null) return fault
      const words = ['cosign', 'verify', '--key', path, ...flagsFor(reference, log), '--', reference]
      try {
        const ran = await run(words, { env: { ...env }, signal, timeoutMs: longestMs })
        signal.throwIfAborted()
        if (ran.exitCode === 0) return null
        return ran.timedOut ? 'cosign did not end' : `cosign does not verify it: ${lastWords(ran.stderr)}`
      } catch (thrown) {
        signal.throwIfAborted()
        const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
        return isMissing
          ? 'cosign is not installed, and verify = "cosign" asks for it'
          : `cosign: ${(thrown as Error).message}`
      }
    },
  }
}

async function faultOfKey(key: string, path: string): Promise<string | null> {
  if (insidePath('', key) === null) return `the key ${key} lies outside of this instance`
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  return isThere ? null : `there is no key ${key} to verify it with`
}

/** It says each error twice. */
function lastWords(stderr: string): string {
  return (stderr.trim().split('\n').at(-1) ?? '').replace(/^error during command execution: /, '')
}

/** A registry of this machine speaks plain HTTP. */
function flagsFor(reference: string, log: boolean): readonly string[] {
  const plainHttp = /^(127\.|localhost[:/])/.test(reference) ? ['--allow-http-registry'] : []
  return log ? plainHttp : [...plainHttp, '--insecure-ignore-tlog=true']
}
