import { existsSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the parts of this program lie that run in a stacklet's child process. */
export interface PackagePlaces {
  /** Absolute folder of our Python packages. */
  readonly python: string
  /** Absolute path of the module that runs hooks and commands in TypeScript and JavaScript. */
  readonly runner: string
  /** Absolute path of what `stackloop/sdk` means in a hook. */
  readonly sdk: string
}

/** The same from the sources and from what the compiler made of them, a level deeper. */
export function packagePlaces(): PackagePlaces {
  const here = fileURLToPath(import.meta.url)
  const compiled = join(dirname(here), '../../..')
  const extension = extname(here)
  return {
    python: join(existsSync(join(compiled, 'python')) ? compiled : dirname(compiled), 'python'),
    runner: join(compiled, `sdk/runner/run${extension}`),
    sdk: join(compiled, `sdk/index${extension}`),
  }
}
