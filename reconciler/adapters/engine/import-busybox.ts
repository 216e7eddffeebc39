import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { run } from '../process/run.ts'
import { engineEnvironment } from './engine-environment.ts'
import { failed, runTool } from './private-apt.ts'
import type { EngineBinaries } from './unpack-engine.ts'

export interface ImportOptions {
  readonly binaries: EngineBinaries
  readonly dockerHost: string
  /** The image's name. Default `busybox:1.36`. */
  readonly image?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Makes a busybox image from the static busybox among our parts, for machines that reach no registry: sh, httpd, nc, wget and the
 * rest. An image of that name that is there already is left as it is. Answers the name.
 */
export async function importBusybox(options: ImportOptions): Promise<string> {
  const { binaries, dockerHost, image = 'busybox:1.36', signal } = options
  const env = engineEnvironment(binaries, dockerHost)
  if ((await run([binaries.docker, 'image', 'inspect', image], { env, signal })).exitCode === 0) return image

  const work = await mkdtemp(join(tmpdir(), 'busybox-'))
  try {
    const archive = join(work, 'root.tar')
    await makeRoot(join(work, 'root'), binaries.busybox)
    const owned = ['--owner=0', '--group=0', '--mtime=@0', '--sort=name', '--format=ustar']
    await mustRun(['tar', '-C', join(work, 'root'), ...owned, '-cf', archive, '.'], { signal })
    const changes = ['--change', 'CMD ["sh"]', '--change', `ENV PATH=${searchPath}`]
    await mustRun([binaries.docker, 'import', ...changes, archive, image], { env, signal })
    return image
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function makeRoot(root: string, busybox: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'root', 'var/www']) await mkdir(join(root, folder), { recursive: true })
  await mkdir(join(root, 'tmp'))
  await chmod(join(root, 'tmp'), 0o1777)
  await copyFile(busybox, join(root, 'bin/busybox'))
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n')
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnobody:x:65534:\n')

  const { stdout } = await mustRun([busybox, '--list'], {})
  const applets = stdout.split('\n').filter((name) => name !== '' && name !== 'busybox')
  await Promise.all(applets.map((name) => symlink('busybox', join(root, 'bin', name))))
}

async function mustRun(argv: readonly string[], options: Parameters<typeof run>[1]) {
  const ran = await runTool(argv, options)
  if (ran.exitCode !== 0) throw failed(`${argv.slice(0, 2).join(' ')} failed`, ran)
  return ran
}
