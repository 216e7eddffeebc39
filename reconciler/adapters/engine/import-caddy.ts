import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { run } from '../process/run.ts'
import { engineEnvironment } from './engine-environment.ts'
import { failed, runTool } from './private-apt.ts'
import type { EngineBinaries } from './unpack-engine.ts'
import { unpackPackages } from './unpack-packages.ts'

export interface ImportCaddyOptions {
  readonly binaries: EngineBinaries
  readonly dockerHost: string
  /** Where its packages are unpacked; may be shared. */
  readonly packageFolder: string
  /** The image's name. Default `caddy:2`. */
  readonly image?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onLine?: ((line: string) => void) | undefined
}

const packages = ['caddy/bookworm', 'libc6/bookworm', 'libzstd1/bookworm', 'ca-certificates/bookworm'] as const

/**
 * Makes an image of Caddy from Debian's package and the libraries it needs, for machines that reach no registry. An image of that
 * name that is there already is left as it is. Answers the name.
 */
export async function importCaddy(options: ImportCaddyOptions): Promise<string> {
  const { binaries, dockerHost, packageFolder, image = 'caddy:2', signal, onLine } = options
  const env = engineEnvironment(binaries, dockerHost)
  if ((await run([binaries.docker, 'image', 'inspect', image], { env, signal })).exitCode === 0) return image

  const { root } = await unpackPackages({ folder: packageFolder, packages, signal, onLine })
  const work = await mkdtemp(join(tmpdir(), 'caddy-'))
  try {
    const [archive, extra] = [join(work, 'root.tar'), join(work, 'extra')]
    await makeExtra(extra, root)
    const owned = ['--owner=0', '--group=0', '--mtime=@0', '--sort=name', '--format=ustar']
    const trees = ['lib', 'lib64', 'usr/lib', 'usr/bin/caddy']
    const there = await Promise.all(trees.map(async (tree) => ((await isThere(join(root, tree))) ? [tree] : [])))
    await mustRun(['tar', ...owned, '-cf', archive, '-C', root, ...there.flat(), '-C', extra, '.'], signal)
    const changes = ['CMD ["caddy"]', 'ENV PATH=/usr/bin', 'ENV XDG_DATA_HOME=/data', 'ENV XDG_CONFIG_HOME=/data']
    const words = changes.flatMap((change) => ['--change', change])
    const ran = await run([binaries.docker, 'import', ...words, archive, image], { env, signal })
    if (ran.exitCode !== 0) throw failed(`making the image ${image} failed`, ran)
    return image
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** What the packages make of themselves when they are installed: authorities to trust, and a folder for everybody's files. */
async function makeExtra(folder: string, root: string): Promise<void> {
  const trusted = join(root, 'usr/share/ca-certificates/mozilla')
  const names = (await readdir(trusted)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(trusted, name), 'utf8')))
  const bundle = join(folder, 'etc/ssl/certs/ca-certificates.crt')
  await mkdir(dirname(bundle), { recursive: true })
  await writeFile(bundle, texts.join(''))
  await writeFile(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/false\n')
  await mkdir(join(folder, 'tmp'), { mode: 0o1777 })
}

async function mustRun(argv: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const ran = await runTool(argv, { signal })
  if (ran.exitCode !== 0) throw failed(`${argv[0]} failed`, ran)
}

function isThere(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOTDIR',
  )
}
