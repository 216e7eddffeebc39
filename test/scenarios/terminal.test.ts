import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { type AtTerminal, onTerminal } from '../support/on-terminal.ts'
import { virtualScreen } from '../support/screen.ts'
import { commandLine, type Instance, makeInstance } from './support/instance.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

/** The built program at a terminal, as a person sees it. */
async function person(host: Instance, { words, ...at }: Partial<AtTerminal> & Pick<AtTerminal, 'words'>) {
  const env = { ...host.env, TERM: 'xterm', NO_COLOR: '', CI: '', ...at.env }
  const all = { columns: 80, ...at, cwd: host.folder, env, words }
  const { seen, code, stderr } = await onTerminal(all)
  const screen = virtualScreen(all.columns)
  screen.write(seen)
  return { bytes: seen, code, stderr, seen: screen.lines().filter((line) => line !== '') }
}

const turning = /^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /
const withoutTimes = (line: string): string => line.replace(/\d+\.\d s/, 'T s').replace(/ at [0-9a-f]{7}/, ' at HASH')

function hooked(id: string, hook: string): Record<string, string> {
  return { ...webStacklet({ id }), [`stacklets/${id}/hooks/on_install.sh`]: hook }
}

describe('a run at a terminal', () => {
  it.each([80, 30])(
    'shows what is under way in %i columns, untorn by what hooks print, and leaves only what ended',
    async (columns) => {
      const [one, other] = [uniqueName('one'), uniqueName('other')]
      const host = await makeInstance({
        ...hooked(one, 'sleep 1; echo "one is ready"\n'),
        ...hooked(other, 'sleep 1; echo "the other is ready"\n'),
        ...desiredRunning(one, other),
      })
      await host.commit()

      const words = ['sh', '-c', '"$@" < /dev/null', 'sh', ...commandLine(['up', one, other])]
      const run = await person(host, { words, columns })

      expect(run.code, run.stderr + run.bytes).toBe(0)
      expect(run.bytes).toMatch(/[⠋⠙⠹]\S* (start|await-health) /)
      expect(run.seen.filter((line) => turning.test(line))).toEqual([])
      for (const id of [one, other]) {
        expect(run.seen.map(withoutTimes)).toContain(`✓ run-hook ${id} on_install (T s)`)
        expect(run.seen.map(withoutTimes)).toContain(`✓ start ${id} (T s)`)
      }
      expect(run.seen).toContain(`    ${one} | one is ready`)
      expect(run.seen).toContain(`    ${other} | the other is ready`)
      expect(run.seen.map(withoutTimes).join('\n')).toMatch(/Converged at HASH: \d+ steps done\./)
    },
  )

  it('lets a hook ask, and goes on below the answer', async () => {
    const id = uniqueName('asks')
    const hook = 'printf "Your name: "; read name; echo "Hello $name"; printf "no end of line"\n'
    const host = await makeInstance({
      ...webStacklet({ id }),
      [`stacklets/${id}/hooks/on_configure.sh`]: hook,
      ...desiredRunning(id),
    })
    await host.commit()

    const { seen, code, bytes } = await person(host, {
      words: commandLine(['up', id]),
      typed: { at: 'Your name: ', keys: 'Ada\n' },
    })

    expect(code, bytes).toBe(0)
    const lines = seen.map((line) => withoutTimes(line).replace(/ +(?=✓)/, '\n'))
    const asked = lines.findIndex((line) => line.startsWith('Your name:'))
    expect(lines.slice(asked - 1, asked + 3)).toEqual([
      `  run-hook ${id} on_configure …`,
      'Your name: Ada',
      'Hello Ada',
      `no end of line\n✓ run-hook ${id} on_configure (T s)`,
    ])
  })

  it('ends well on Ctrl-C: nothing half drawn, no cursor hidden', async () => {
    const id = uniqueName('slow')
    const host = await makeInstance({
      ...webStacklet({ id, manifest: '[health]\nurl = "http://127.0.0.1:9/"\ntimeout = 60\n' }),
      ...desiredRunning(id),
    })
    await host.commit()

    const { seen, code, bytes } = await person(host, {
      words: commandLine(['up', id]),
      typed: { at: `await-health ${id}`, keys: '\x03' },
    })

    expect(code, bytes).toBe(130)
    expect(seen.filter((line) => turning.test(line))).toEqual([])
    expect(bytes).not.toContain('\u001b[?25l')
    expect(seen.join('\n')).toContain(`✗ await-health ${id} failed after`)
  })

  it.each<Record<string, string>>([{ NO_COLOR: '1' }, { CI: 'true' }, { TERM: 'dumb' }])(
    'is told line by line with %o',
    async (env) => {
      const id = uniqueName('plain')
      const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
      await host.commit()

      const { bytes, code } = await person(host, { words: commandLine(['up', id]), env })

      expect(code, bytes).toBe(0)
      expect(bytes).not.toContain('\u001b')
      expect(bytes.replaceAll('\r\n', '\n')).not.toContain('\r')
      expect(bytes).toContain(`  start ${id} …`)
    },
  )
})

it('nothing but plain lines goes to a stream that is no terminal, even beside one that is', async () => {
  const id = uniqueName('mixed')
  const host = await makeInstance({ ...webStacklet({ id, image: 'stackloop-test/exits:1' }), ...desiredRunning(id) })
  await host.commit()
  const env = { ...host.env, TERM: 'xterm', NO_COLOR: '', CI: '' }
  const line = (words: string[]) =>
    commandLine(words)
      .map((word) => `'${word}'`)
      .join(' ')

  const words = [
    'sh',
    '-c',
    `${line(['up', id])} 2> err.txt; ${line(['nope'])} 2>> err.txt; ${line(['restart', id])} > out.txt`,
  ]
  const { seen } = await onTerminal({ words, cwd: host.folder, env })
  const [errors, out] = [await host.read('err.txt'), await host.read('out.txt')]

  expect(errors).toContain(`start ${id}`)
  expect(errors).toContain("unknown command 'nope'")
  for (const control of ['\r', '\u001b']) expect(errors + out).not.toContain(control)
  expect(seen.replaceAll('\r\n', '\n')).toContain(`  start ${id} …`)
})
