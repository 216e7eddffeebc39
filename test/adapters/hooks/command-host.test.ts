import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type CommandHostOptions, commandHost } from '../../../reconciler/adapters/hooks/command-host.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import { commands } from './commands.ts'
import { type HookFolder, hookFolder } from './hook-folder.ts'
import { isThere, nap } from './processes.ts'

const photos = 'photos' as StackletId
const never = new AbortController().signal
let folder: HookFolder
beforeEach(() => {
  folder = hookFolder()
})
afterEach(() => folder.remove())

function host(options: Partial<CommandHostOptions> = {}) {
  const { root, memory } = folder
  return commandHost({ instance: root, root, env: process.env, memory, isHealthy: async () => true, ...options })
}

/** Runs a command on a terminal made of files; somebody types "yes". */
async function run(command: string, args: readonly string[] = [], signal = never) {
  const path = (name: string) => join(folder.root, name)
  writeFileSync(path('in'), 'yes\n')
  const stdio = [openSync(path('in'), 'r'), openSync(path('out'), 'w'), openSync(path('err'), 'w')] as const
  const code = await host({ stdio }).run({ id: photos, command, args, context: folder.context }, signal)
  for (const file of stdio) closeSync(file)
  return { code, out: readFileSync(path('out'), 'utf8'), err: readFileSync(path('err'), 'utf8') }
}

describe('the commands of a stacklet', () => {
  it('are the programs in cli/ with their HELP, but no helpers and not post_setup', async () => {
    folder.write('cli/send.py', 'HELP = "Send a message"\nraise SystemExit("it must not be executed")\n')
    folder.write('cli/room.ts', "export const HELP = 'Make a room'\n")
    folder.write('cli/users.js', 'console.log(1)\n')
    for (const name of ['_matrix.py', 'post_setup.py', 'notes.md', 'types.d.ts']) folder.write(`cli/${name}`, '')

    const listed = (await host().list(photos)).map(({ name, help }) => [name, help])

    expect(listed).toEqual([
      ['room', 'Make a room'],
      ['send', 'Send a message'],
      ['users', ''],
    ])
  })

  it('are none without a folder', async () => {
    expect(await host().list(photos)).toEqual([])
  })

  it('are ambiguous when one is there in two kinds', async () => {
    folder.write('cli/send.py', '')
    folder.write('cli/send.ts', '')

    await expect(host().list(photos)).rejects.toThrow('photos has one command twice: cli/send.py and cli/send.ts')
  })

  it('are told when somebody asks for another', async () => {
    folder.write('cli/send.py', '')

    const asked = run('sned')

    await expect(asked).rejects.toMatchObject({
      message: 'photos has no command "sned"',
      hint: 'did you mean send? its commands: send',
    })
  })
})

describe.each(['py', 'ts'] as const)('a command in .%s', (kind) => {
  beforeEach(() => {
    for (const [name, text] of Object.entries(commands[kind])) folder.write(`cli/${name}.${kind}`, text)
    folder.write('stacklet.toml', 'id = "photos"\nname = "Photos"\nport = 42010\n')
  })

  it('gets its arguments untouched, and knows the stacklet and the instance', async () => {
    const args = ['--json', '--help', 'two words', '-n5']

    const { out } = await run('tell', args)

    const { root } = folder
    const words = [args, ['stack', 'photos', 'tell', ...args], 'photos', 'Photos', 42010, 'home.test', 'beside']
    const values = ['photos-key-1', 'homer', true, 'home.test', `${root}/data/x`, `${root}/y`]
    expect(JSON.parse(out)).toEqual([...words, ...values])
  })

  it('may be a bare module that reads what a person types', async () => {
    const { code, out } = await run('bare', ['-x'])

    expect(code).toBe(7)
    expect(out).toMatch(/^\[ ?'-x' ?\] yes/)
  })

  it('fails with what it returned, what it threw, or the exit code that it chose', async () => {
    expect(await run('refuse')).toEqual({ code: 1, out: '', err: 'no such album\n' })
    expect(await run('throw')).toEqual({ code: 1, out: '', err: 'not a number\n' })
    expect(await run('leave')).toEqual({ code: 42, out: '', err: '' })
  })

  it('writes a secret that is there at once', async () => {
    expect((await run('keep')).code).toBe(0)
    expect(folder.secrets['photos__NEW']).toBe('kept-1')
  })
})

describe('a command', () => {
  it('that is ended by a signal says so in its exit code', async () => {
    folder.write('cli/kill.py', 'import os\nos.kill(os.getpid(), 15)\n')

    expect((await run('kill')).code).toBe(128 + 15)
  })

  it('is ended with everything it started when we are', async () => {
    folder.write('cli/wait.py', `import subprocess\nsubprocess.run("${nap(1)}".split(), start_new_session=True)\n`)
    const cancel = new AbortController()

    const running = run('wait', [], cancel.signal)
    for (let tries = 0; tries < 100 && !isThere(nap(1)); tries++) await sleep(50)
    cancel.abort()

    expect((await running).code).toBeGreaterThan(0)
    expect(isThere(nap(1))).toBe(false)
  })
})
