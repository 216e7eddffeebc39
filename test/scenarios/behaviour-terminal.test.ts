import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { hookedInstance, hooksOnly, uniqueId } from './fixtures/hooked.ts'
import { atTerminal } from './support/at-terminal.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { commandLine, type Instance, makeInstance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

/** Asks where somebody can answer, and talks on both streams. */
const asks = `import sys

def run(ctx):
    print("hook on stdout", sys.stdin.isatty(), sys.stdout.isatty(), flush=True)
    print("hook on stderr", file=sys.stderr, flush=True)
    ctx.cfg("name", input("Your name: ") if sys.stdin.isatty() else "nobody")
`

async function askingHost(): Promise<{ host: Instance; id: string }> {
  const id = uniqueId('asking')
  const host = await hookedInstance({ ...hooksOnly(id, { 'on_configure.py': asks }), 'desired/desired.toml': '' })
  await host.commit('first')
  return { host, id }
}

describe('a hook at a terminal', () => {
  it('has the person for itself', async () => {
    const { host, id } = await askingHost()

    const up = await atTerminal(host, ['up', id], [['Your name: ', 'Ada\n']])

    expect(up, up.screen).toMatchObject({ code: 0, screen: expect.stringContaining('hook on stdout True True') })
    expect(await host.read('.stack/settings.toml')).toContain('name = "Ada"')
  })

  it('has nobody with --json, and what it prints is not in the document', async () => {
    const { host, id } = await askingHost()

    const up = await atTerminal(host, ['up', id, '--json'])

    const document = JSON.parse(up.screen.slice(up.screen.indexOf('\n{') + 1, up.screen.lastIndexOf('}') + 1))
    expect(up, up.screen).toMatchObject({ code: 0, screen: expect.stringContaining('hook on stdout False False') })
    expect(document).toMatchObject({ version: 1, outcome: 'converged' })
    expect(await host.read('.stack/settings.toml')).toContain('name = "nobody"')
  })
})

const onEnd = atTheEnd()

describe('what is said', () => {
  let host: Instance
  let id: string
  beforeAll(async () => {
    id = uniqueId('web')
    const hook = { [`stacklets/${id}/hooks/on_install_success.sh`]: 'echo it is set up\n' }
    host = await makeInstance({ ...webStacklet({ id }), ...hook, ...desiredRunning(id) }, { onEnd })
    await host.commit('first')
    await runOnce(host)
  })
  const colour = '\u001b['

  it('is coloured on a terminal, unless NO_COLOR, CI or TERM=dumb says otherwise', async () => {
    const commands = ['status', 'list', 'plan', 'validate', 'ps']
    const coloured = await Promise.all(commands.map((word) => atTerminal(host, [word])))
    const plain = await Promise.all(
      [{ NO_COLOR: '1' }, { CI: 'true' }, { TERM: 'dumb' }].flatMap((env) =>
        commands.map((word) => atTerminal(host, [word], [], env)),
      ),
    )

    expect(coloured.map(({ screen }) => screen).join('')).toContain(colour)
    expect(plain).toHaveLength(15)
    for (const { screen } of plain) expect(screen).not.toContain(colour)
  })

  it('is one document on stdout with --json, by every command that changes something', async () => {
    const other = uniqueId('other')
    await host.write(`stacklets/${other}/stacklet.toml`, '')
    await host.commit('another')
    const lines = [
      `up ${id} ${other}`,
      `restart ${id}`,
      `setup ${id}`,
      `pause ${id}`,
      `unpause ${id}`,
      `down ${id}`,
      `up all`,
      'reconcile',
      `secrets set ${id}__TOKEN`,
      `secrets rm ${id}__TOKEN`,
      `destroy ${other}`,
      `destroy ${id} --yes`,
      'init',
    ]

    for (const line of lines) {
      const words = commandLine([...line.split(' '), '--json'])
      const ran = await run(words, { cwd: host.folder, env: host.env, input: 'value\n' })
      expect(ran.exitCode, line + ran.stderr).toBe(0)
      const isRun = !/^(secrets|init)/.test(line)
      expect(JSON.parse(ran.stdout), line).toMatchObject({ version: 1, ...(isRun ? { ok: true } : {}) })
      for (const sign of ['\r', '\u001b']) expect(ran.stdout + ran.stderr, line).not.toContain(sign)
    }
    const forgotten = await host.stack('destroy', 'nope', '--json')
    expect(forgotten).toMatchObject({ code: 1, json: { version: 1, ok: false, error: { code: expect.any(String) } } })
  })
})
