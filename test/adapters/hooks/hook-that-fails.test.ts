import { describe } from 'vitest'

import { hookFolder, withFolder as it } from './hook-folder.ts'

describe.concurrent('a hook that fails', () => {
  it('prints 100 MB: the last lines are kept, the first are shown', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'yes x | head -c 100000000\necho the end\nexit 5')
    let lines = 0

    const error = await folder.failure('on_start.sh', { onLine: () => lines++ })

    expect(error.message).toBe('on_start of photos failed: the end (exit 5)')
    expect(error.output).toEqual([...Array(9).fill('x'), 'the end'])
    expect(lines).toBeGreaterThan(1000)
    expect(lines).toBeLessThan(100_000)
  })

  it('prints one line of 20 MB', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'head -c 20000000 /dev/zero | tr "\\0" "y"\nexit 1')

    const error = await folder.failure('on_start.sh')

    expect(error.output.join('').length).toBeLessThan(20_000)
  })

  it('is ended by a signal, its own or that of a program it ran', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'echo about to go\nkill -SEGV $$')
    folder.write('hooks/on_stop.sh', 'sh -c "kill -KILL \\$\\$"')

    expect((await folder.failure('on_start.sh')).message).toBe('on_start of photos was ended by SIGSEGV')
    expect((await folder.failure('on_stop.sh')).message).toMatch(/\(exit 137, SIGKILL\)$/)
  })

  it('asks where nobody can answer', async ({ folder, expect }) => {
    folder.write('hooks/on_configure.py', 'def run(ctx):\n    input("Server name: ")\n')
    folder.write('hooks/on_start.sh', 'read -r name || { echo "no name" >&2; exit 1; }')

    const error = await folder.failure('on_configure.py')

    expect(error.message).toMatch(
      /^on_configure of photos failed: it asked for something, and there is nobody to answer/,
    )
    expect(error.hint).toBe('run stack up photos on a terminal: it may have a question')
    expect((await folder.failure('on_start.sh')).message).toBe('on_start of photos failed: no name (exit 1)')
  })

  it.for([
    ['on_start.py', 'import sys\n\ndef run(ctx):\n    sys.exit("no licence")\n', 'no licence'],
    ['on_start.py', 'import sys\n\ndef run(ctx):\n    sys.exit(3)\n', 'exit 3, without a word'],
    ['on_start.py', 'def run(ctx):\n    return {}["photos"]\n', "KeyError: 'photos'"],
    ['on_start.py', 'def run(ctx)\n    pass\n', "SyntaxError: expected ':' (on_start.py, line 1)"],
    ['on_start.ts', "export function run() {\n  throw new Error('no licence')\n}", 'no licence'],
    ['on_start.ts', 'export function run() {\n  process.exit(3)\n}', 'exit 3, without a word'],
    ['on_start.ts', "export function run(ctx) {\n  void ctx.shell('exit 4')\n}", 'Command failed (exit 4): exit 4'],
  ])('%s says why: %#', async ([name = '', text = '', why], { folder, expect }) => {
    folder.write(`hooks/${name}`, text)

    expect((await folder.failure(name)).message).toBe(`on_start of photos failed: ${why}`)
  })

  it('shows where in its own file', async ({ folder, expect }) => {
    folder.write('hooks/on_start.ts', "import './_deep.ts'")
    folder.write('hooks/_deep.ts', "const answer: number = 42\nthrow new Error('deep')")
    folder.write('hooks/on_stop.py', 'def run(ctx):\n    raise ValueError("deep")\n')

    expect((await folder.failure('on_start.ts')).output.join('\n')).toContain('hooks/_deep.ts:2:')
    const output = (await folder.failure('on_stop.py')).output.join('\n')
    expect(output).toContain('hooks/on_stop.py", line 2, in run')
    expect(output).not.toContain('stackloop_runner')
  })

  it('is no TypeScript: the place is named', async ({ folder, expect }) => {
    folder.write('hooks/on_start.ts', 'export function run( {')

    expect((await folder.failure('on_start.ts')).message).toMatch(
      /^on_start of photos cannot be run: .*hooks\/on_start\.ts:1:/s,
    )
  })

  it('is there in two kinds', async ({ folder, expect }) => {
    folder.write('hooks/on_start.py', '')
    folder.write('hooks/on_start.sh', 'touch begun')

    const error = await folder.failure('on_start.sh')

    expect(error.code).toBe('STACK_INVALID')
    expect(error.message).toBe('on_start of photos is there more than once: hooks/on_start.py and hooks/on_start.sh')
  })

  it('needs a program that is not there', async ({ expect }) => {
    const bare = hookFolder(() => ({ env: { PATH: '/nowhere' } }))

    const error = await bare.failure('on_start.py')

    expect(error.hint).toBe('install python3 on this host and see that PATH finds it')
    bare.remove()
  })
})

describe.concurrent('secrets', () => {
  it('appear in no line and no error, not even one that the hook has just made', async ({ folder, expect }) => {
    folder.write(
      'hooks/on_start.py',
      'def run(ctx):\n    print(ctx.secret("API_KEY"))\n    ctx.secret("NEW", "just-made-1")\n    raise Exception("bad just-made-1")\n',
    )
    const lines: string[] = []

    const error = await folder.failure('on_start.py', { onLine: (line) => lines.push(line) })

    expect(lines[0]).toBe('***')
    expect(error.message).toBe('on_start of photos failed: Exception: bad ***')
    expect(JSON.stringify([lines, error.output])).not.toMatch(/just-made|photos-key/)
  })

  it('are never arguments', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'tr "\\0" " " < /proc/$$/cmdline')
    folder.write('hooks/on_stop.py', 'def run(ctx):\n    print(open("/proc/self/cmdline").read())\n')

    expect((await folder.run('on_start.sh')).join('')).toMatch(/^bash \/\S+on_start.sh $/)
    expect((await folder.run('on_stop.py')).join('')).not.toContain('***')
  })
})
