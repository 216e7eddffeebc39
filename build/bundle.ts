import { chmod, readFile, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build, type Plugin } from 'esbuild'

/** What people and programs call by its path; everything else is in chunks that are loaded when they are needed. */
const entries = [
  'cli/main.ts',
  'reconciler/index.ts',
  'sdk/index.ts',
  'sdk/runner/run.ts',
  'demo/main.ts',
  'bench/main.ts',
]

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const commonJs = [
  "import { createRequire as __stackRequire } from 'node:module';",
  "import { dirname as __stackFolder } from 'node:path';",
  'const require = __stackRequire(import.meta.url), __filename = import.meta.filename, __dirname = __stackFolder(__filename);',
].join(' ')

/** Makes dist/ of the sources: starting one file is far faster than starting hundreds, and a command loads only its own. */
export async function bundle(): Promise<void> {
  const outdir = join(root, 'dist')
  await rm(outdir, { recursive: true, force: true })
  await build({
    entryPoints: entries.map((entry) => join(root, entry)),
    outbase: root,
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    legalComments: 'linked',
    logLevel: 'warning',
    // A program of its own, and what is a native addon where it is there at all.
    external: ['esbuild', 'cpu-features', '*.node'],
    // What packages in CommonJS take for granted.
    banner: { js: commonJs },
    plugins: [keepPlaces, leaveOut],
  })
  await chmod(join(outdir, 'cli/main.js'), 0o755)
}

/** Files of ours that ask where they lie get the place they would have if each were a file of its own in dist/. */
const keepPlaces: Plugin = {
  name: 'keep places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (path.includes('node_modules') || !text.includes('import.meta.')) return null
      const place = JSON.stringify(`../${relative(root, path).replaceAll('\\', '/').replace(/\.ts$/, '.js')}`)
      const url = `new URL(${place}, import.meta.url)`
      const contents = text
        .replaceAll(/\bimport\.meta\.url\b/g, `${url}.href`)
        .replaceAll(/\bimport\.meta\.filename\b/g, `decodeURIComponent(${url}.pathname)`)
      return { contents, loader: 'ts' }
    })
  },
}

/** What dockerode brings for engines behind ssh, and for building through BuildKit's session. We refuse the one, and Compose does the other. */
const unused = /^(ssh2|@grpc\/(grpc-js|proto-loader)|protobufjs)$/

const leaveOut: Plugin = {
  name: 'leave out',
  setup({ onResolve, onLoad }) {
    // Every language that zod can complain in; we write our complaints ourselves.
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' }))
    onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'left out' }))
    onLoad({ filter: /.*/, namespace: 'left out' }, () => ({ contents: 'module.exports = {}' }))
  },
}
