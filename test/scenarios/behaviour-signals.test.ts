import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { atTerminal } from './support/at-terminal.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'
import { processesWith, start, until } from './support/started.ts'

const onEnd = atTheEnd()
const id = uniqueName('talk')
/** No two naps of this file are of one length, so that each can be told from the others. */
const nap = (more: number): string => `${4_000_000 + (process.pid % 100_000) * 10 + more}`
let host: Instance

const waits = (seconds: string) => `import subprocess

def run(args, stacklet, config):
    child = subprocess.Popen(["sleep", "${seconds}"], start_new_session=True)
    print("it waits", flush=True)
    child.wait()
`

beforeAll(async () => {
  host = await makeInstance(
    {
      ...webStacklet({ id, service: '    init: true\n' }),
      ...desiredRunning(id),
      [`stacklets/${id}/cli/wait.py`]: waits(nap(1)),
      [`stacklets/${id}/cli/ask.py`]:
        'def run(args, stacklet, config):\n    print(input("who? ") + " it is", flush=True)\n',
    },
    { onEnd },
  )
  await host.commit('first')
  await runOnce(host)
})

/** Command lines of everything in the container. */
const inside = () => host.docker(['top', `stack-${id}`, '-o', 'pid,args'])

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a command that is ended by %s', (signal, code) => {
  it('of a stacklet answers with the code of that signal, and leaves nothing of it running', async () => {
    const command = start(host, id, 'wait')
    await until('it to wait', () => command.said().includes('it waits'))
    expect(await processesWith(`sleep ${nap(1)}`)).toHaveLength(1)

    command.kill(signal)

    expect(await command.ended).toBe(code)
    expect(command.said()).toBe('it waits\n')
    expect(await processesWith(nap(1))).toEqual([])
  })

  it('in a container answers with the code of that signal, and leaves nothing of it running', async () => {
    const seconds = nap(code)
    const command = start(host, 'exec', id, '--', 'sh', '-c', `echo it waits; sleep ${seconds} & sleep ${seconds}`)
    await until('it to wait', () => command.said().includes('it waits'))
    expect(await inside()).toContain(seconds)

    command.kill(signal)

    expect(await command.ended).toBe(code)
    expect(command.said()).toBe('it waits\n')
    expect(await inside()).not.toContain(seconds)
  })
})

describe('Ctrl-C at a terminal', () => {
  it('ends the command of a stacklet, and what it started', async () => {
    const ended = await atTerminal(host, [id, 'wait'], [['it waits', '\u0003']])

    expect(ended, ended.screen).toMatchObject({ code: 130 })
    expect(ended.screen).not.toContain('Traceback')
    expect(await processesWith(nap(1))).toEqual([])
  })

  it('reaches the program in a container, whose answer is ours', async () => {
    const words = 'trap "echo heard; exit 9" INT; echo ready; while :; do sleep 0.1; done'

    const ended = await atTerminal(host, ['exec', id, '--', 'sh', '-c', words], [['ready', '\u0003']])

    expect(ended, ended.screen).toMatchObject({ code: 9, screen: expect.stringContaining('heard') })
    expect(await inside()).not.toContain('trap')
  })

  it('is not needed where a command asks and is answered', async () => {
    const answered = await atTerminal(host, [id, 'ask'], [['who? ', 'Ada\n']])

    expect(answered).toMatchObject({ code: 0, screen: expect.stringContaining('Ada it is') })
  })
})
