import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Plugin } from 'esbuild'
import writeFileAtomic from 'write-file-atomic'

import { digest } from '../../lib/digest.ts'
import type { PackagePlaces } from './package-places.ts'

export interface BundleOptions {
  /** Absolute path of a hook or command in TypeScript or JavaScript. */
  readonly file: string
  /** Absolute folder that bundles lie in. */
  readonly cache: string
  readonly places: Pick<PackagePlaces, 'runner' | 'sdk'>
}

/**
 * Bundles a program and everything it imports with our runner into one file that Node runs, named by its content. Every module
 * keeps its own `import.meta.url`, `__dirname` and place in stack traces. Rejects with esbuild's own words.
 */
export async function bundleProgram({ file, cache, places }: BundleOptions): Promise<string> {
  const text = await bundled(file, places)
  const bundle = join(cache, `${digest(text).slice(0, 32)}.mjs`)
  if (await isThere(bundle)) return bundle
  await mkdir(cache, { recursive: true, mode: 0o700 })
  await forgetOld(cache)
  await writeFileAtomic(bundle, text, { mode: 0o600 })
  return bundle
}

let running = 0

/** esbuild's helper process ends with the last build that needs it. */
async function bundled(file: string, { runner, sdk }: BundleOptions['places']): Promise<string> {
  const { build, stop } = await import('esbuild')
  running += 1
  try {
    const { outputFiles } = await build({
      stdin: { contents: entry(file, runner), resolveDir: dirname(file), sourcefile: 'stack' },
      outfile: 'program.mjs',
      bundle: true,
      write: false,
      logLevel: 'silent',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      alias: { 'stackloop/sdk': sdk },
      define: ownPlaces,
      // Packages in CommonJS ask for Node's own modules by `require`.
      banner: { js: requireFrom(file) },
      plugins: [keepPlaces],
    })
    return outputFiles[0]?.text ?? ''
  } finally {
    running -= 1
    if (running === 0) await stop()
  }
}

function entry(file: string, runner: string): string {
  return `import { run } from ${JSON.stringify(runner)}\nawait run(() => import(${JSON.stringify(file)}))\n`
}

function requireFrom(file: string): string {
  const url = JSON.stringify(pathToFileURL(file).href)
  return `import { createRequire as __stackRequire } from 'node:module'; const require = __stackRequire(${url});`
}

/** In one bundle all modules would share a place; each gets constants of its own instead, on its first line. */
const ownPlaces = {
  'import.meta.url': '__stackUrl',
  'import.meta.filename': '__stackFile',
  'import.meta.dirname': '__stackFolder',
  __filename: '__stackFile',
  __dirname: '__stackFolder',
}

const keepPlaces: Plugin = {
  name: 'keep places',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
      const text = (await readFile(path, 'utf8')).replace(/^#!.*/, '')
      return { contents: placesOf(path) + text, loader: loaderOf(path), resolveDir: dirname(path) }
    })
  },
}

function placesOf(path: string): string {
  const places = { __stackUrl: pathToFileURL(path).href, __stackFile: path, __stackFolder: dirname(path) }
  const constants = Object.entries(places).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return `const ${constants.join(', ')};`
}

function loaderOf(path: string) {
  const [, isTypeScript, isJsx] = /\.[cm]?(?:(t)|j)s(x)?$/.exec(path) ?? []
  if (isTypeScript === undefined) return isJsx === undefined ? 'js' : 'jsx'
  return isJsx === undefined ? 'ts' : 'tsx'
}

const longestUnusedMs = 30 * 24 * 60 * 60 * 1000

async function forgetOld(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    const made = await stat(path).catch(() => null)
    if (made !== null && Date.now() - made.mtimeMs > longestUnusedMs) await rm(path, { force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
