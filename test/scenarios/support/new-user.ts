import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../../engine/ports.ts'
import { testEngine } from '../../engine/test-engine.ts'
import { onTerminal } from '../../support/on-terminal.ts'
import { virtualScreen } from '../../support/screen.ts'
import { commandLine, removeInstance } from './instance.ts'

/** Somebody with an empty home folder who types at a terminal. */
export interface NewUser {
  /** Types a command where the last one ended; answers what then stood on the screen. */
  readonly type: (command: string) => Promise<readonly string[]>
}

const columns = 100

/**
 * A page says `notes`, port 42200, `busybox` and `/home/ada`; on an engine that others use as well each has a stand-in as long
 * as itself, a home of its own, and a registry that can be reached. The user sees what the page says.
 */
export async function newUser(): Promise<NewUser> {
  const { env: engineEnv, docker, registry, images } = testEngine()
  const [home, programs] = await Promise.all([temporary('home'), temporary('programs')])
  const id = `n${Math.random().toString(36).slice(2, 6).padEnd(4, 'x')}`
  const image = `${registry}/busybox:1.36`
  const standIns = [
    ['notes', id],
    ['42200', String(await freePort())],
    ['busybox:', `${registry}/busybox:`],
    ['/home/ada', home],
  ] as const
  onTestFinished(async () => {
    await docker(['rm', '--force', '--volumes', `old-${id}`]).catch(() => '')
    await removeInstance({ folder: join(home, 'home'), docker })
    await docker(['image', 'rm', image]).catch(() => '')
    for (const folder of [home, programs]) await rm(folder, { recursive: true, force: true })
  })
  await docker(['tag', images.busybox, image])
  await docker(['push', '--quiet', image])
  await docker(['image', 'rm', image])
  await program(join(programs, 'stack'), `exec ${commandLine(['"$@"']).join(' ')}\n`)
  await writeFile(join(home, '.gitconfig'), '[user]\n\tname = Ada\n\temail = ada@home.internal\n')

  const PATH = [programs, engineEnv['PATH']].join(delimiter)
  const env = {
    ...engineEnv,
    PATH,
    HOME: home,
    TERM: 'xterm',
    TZ: 'UTC',
    STACK_HOST: 'vm',
    NO_COLOR: '',
    CI: '',
    PAGER: 'cat',
  }
  let cwd = home
  async function type(command: string): Promise<readonly string[]> {
    const real = standIns.reduce((text, [told, meant]) => text.replaceAll(told, meant), command)
    const words = ['bash', '-c', `${real}\npwd > "$HOME/.cwd"`]
    const { seen } = await onTerminal({ words, cwd, env, columns })
    cwd = (await readFile(join(home, '.cwd'), 'utf8')).trim()
    const screen = virtualScreen(columns)
    screen.write(standIns.reduceRight((text, [told, meant]) => text.replaceAll(meant, told), seen))
    return screen.lines()
  }
  return { type }
}

async function temporary(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `new-user-${name}-`))
}

async function program(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${text}`)
  await chmod(path, 0o755)
}
