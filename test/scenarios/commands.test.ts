import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { type ForeignHost, foreignHost } from './fixtures/foreign.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { type Answer, commandLine } from './support/instance.ts'

const onEnd = atTheEnd()
let on: ForeignHost
beforeAll(async () => {
  on = await foreignHost(['letters', 'paper_trail', 'timbers'], { onEnd })
  const { host, here } = on
  await host.write(here('stacklets/timbers/cli/shout.py'), 'import sys\n\nprint(sys.stdin.read().upper(), end="")\n')
  await host.write(
    here('stacklets/timbers/cli/fall.js'),
    "process.kill(process.pid, 'SIGTERM')\nawait new Promise(() => setTimeout(() => {}, 9999))\n",
  )
  await host.write(
    here('stacklets/timbers/cli/crash.py'),
    'def run(args, stacklet, config):\n    raise KeyError("axe")\n',
  )
  await host.write(here('stacklets/timbers/cli/broken.ts'), 'export const HELP = "Cannot be read"\nconst = 1\n')
  await host.commit()
})

/** `letters send hall`, in the words of this host. */
const ask = (line: string, ...more: string[]): Promise<Answer> =>
  on.host.stack(...line.split(' ').map(on.here), ...more)

describe('a stacklet has commands of its own, before anything of it runs', () => {
  it('lists them with their help, without helpers', async () => {
    const help = await ask('letters --help')
    const bare = await ask('letters')

    expect(help, help.stderr).toMatchObject({ code: 0, stderr: '' })
    expect(bare.stdout).toBe(help.stdout)
    expect(help.stdout).toMatch(/^ +join +Join a room: stack \S+ join ROOM$/m)
    expect(help.stdout).toMatch(/^ +send +Send a letter\.$/m)
    expect(help.stdout).toMatch(/^ +setup +Register the people of this house$/m)
    expect(help.stdout).not.toMatch(/_post|post_setup/)
    expect((await ask('paper_trail --help')).stdout).toMatch(/^ +show +Show a document as text$/m)
  })

  it('leaves every word to it', async () => {
    const words = ['hall', 'two words', '--urgent', '--json', '--help', '-h', '--', '--version', '', '*', "it's"]

    const python = await ask('letters send', ...words)
    const script = await ask('timbers raw', ...words)

    expect(python, python.stderr).toMatchObject({ code: 0 })
    expect(python.json).toMatchObject({ id: on.id('letters'), command: 'send', words })
    expect(script).toMatchObject({ code: 7, stdout: `${JSON.stringify(words)}\n` })
  })

  type Case = readonly [line: string, code: number, stdout: RegExp, stderr: RegExp]
  const cases: readonly Case[] = [
    ['letters send', 64, /"words": \[\]/, /^$/],
    ['letters join hall', 0, /^$/, /^$/],
    ['letters join cellar', 1, /^$/, /^there is no room cellar$/m],
    ['timbers count', 0, /^oak: 300\n$/, /^$/],
    ['timbers count elm', 1, /^$/, /^Timbers knows no elm$/m],
    ['paper_trail show 3 --json --dry-run', 0, /^document 3 json=True dry=True\n$/, /^$/],
    ['paper_trail show --help', 0, /^usage: stack \S+ show/, /^$/],
    ['paper_trail show three', 2, /^$/, /invalid int value: 'three'/],
    ['timbers fall', 143, /^$/, /^$/],
    ['timbers crash', 1, /^$/, /^KeyError: 'axe'$/m],
    ['timbers broken', 1, /^$/, /broken\.ts:2/],
    ['timbers rwa', 64, /^$/, /has no command "rwa"[\s\S]*did you mean raw/],
    ['letters post_setup', 64, /^$/, /has no command "post_setup"/],
    ['letters _post', 64, /^$/, /has no command "_post"/],
    ['letters ../cli/send', 64, /^$/, /has no command/],
  ]
  it.for(cases)('stack %s: exit %i', async ([line, code, stdout, stderr]) => {
    const answer = await ask(line)

    expect(answer.code, answer.stdout + answer.stderr).toBe(code)
    expect(answer.stdout).toMatch(stdout)
    expect(answer.stderr).toMatch(stderr)
    expect(answer.stderr).not.toMatch(/^\s+at |Traceback/m)
  })

  it('gives it our stdin', async () => {
    const { env, folder } = on.host
    const words = commandLine([on.id('timbers'), 'shout'])

    expect(await run(words, { cwd: folder, env, input: 'timber\n' })).toMatchObject({ exitCode: 0, stdout: 'TIMBER\n' })
  })

  it('says which stacklet was meant', async () => {
    const answer = await on.host.stack(`${on.id('letters').slice(0, -1)}x`, 'send')

    expect(answer.code).toBe(64)
    expect(answer.stderr).toContain(`did you mean ${on.id('letters')}`)
  })

  it('changes nothing of the instance', async () => {
    expect(await on.host.git('status', '--porcelain')).toBe('')
  })
})
