import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'

import { withFolder as it } from './hook-folder.ts'
import { isThere, nap } from './processes.ts'

describe.concurrent('a hook that hangs', () => {
  const hanging = {
    'on_start.sh': `echo waiting for the bus\n${nap(1)}`,
    'on_start.py': 'import time\n\ndef run(ctx):\n    print("waiting for the bus")\n    time.sleep(60)\n',
    'on_start.ts': "console.log('waiting for the bus')\nawait new Promise((resolve) => setTimeout(resolve, 60_000))",
  }

  it.for(Object.entries(hanging))(
    '%s is ended when its time is up, and says what it waited for',
    async ([name, text], { folder, expect }) => {
      folder.write(`hooks/${name}`, text)

      const error = await folder.failure(name, { timeoutMs: 2000 })

      expect(error.code).toBe('STACK_TIMED_OUT')
      expect(error.message).toBe('on_start of photos took longer than 2 s and was ended')
      expect(error.output).toEqual(['waiting for the bus'])
      expect(isThere(folder.root)).toBe(false)
      expect(isThere(nap(1))).toBe(false)
    },
  )

  it('is killed when it does not listen, and so is what left its process group', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', `trap "" TERM\nsetsid ${nap(2)} &\nwhile :; do sleep 0.1; done`)

    const error = await folder.failure('on_start.sh', { timeoutMs: 300 })

    expect(error.code).toBe('STACK_TIMED_OUT')
    expect(isThere(nap(2))).toBe(false)
    expect(isThere(folder.root)).toBe(false)
  })

  it('is ended when the run is cancelled', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', nap(3))
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 200)

    const error = await folder.failure('on_start.sh', {}, cancel.signal)

    expect(error.code).toBe('STACK_CANCELLED')
    expect(isThere(nap(3))).toBe(false)
  })

  it('is not begun when the run was cancelled before', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'touch begun')

    expect((await folder.failure('on_start.sh', {}, AbortSignal.abort())).code).toBe('STACK_CANCELLED')
    expect(existsSync(join(folder.root, 'begun'))).toBe(false)
  })

  it('takes the command that it called with it', async ({ folder, expect }) => {
    folder.write('cli/wait.py', `import subprocess\nsubprocess.run("${nap(4)}".split())`)
    folder.write('hooks/on_start.py', 'def run(ctx):\n    ctx.stack.run_cli_command("photos", "wait")\n')

    const error = await folder.failure('on_start.py', { timeoutMs: 3000 })

    expect(error.code).toBe('STACK_TIMED_OUT')
    expect(isThere(nap(4))).toBe(false)
  })

  it('waits for what never comes: Node says so at once', async ({ folder, expect }) => {
    folder.write('hooks/on_start.ts', 'export async function run() {\n  await new Promise(() => {})\n}')

    expect((await folder.failure('on_start.ts')).message).toBe(
      'on_start of photos failed: it waits for something that never comes',
    )
  })
})

describe.concurrent('a hook that leaves something behind', () => {
  it('ends with it, also when that still holds its stdout', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', `${nap(5)} &\necho done`)
    const began = performance.now()

    expect(await folder.run('on_start.sh')).toEqual(['done'])

    expect(performance.now() - began).toBeLessThan(5000)
    expect(isThere(nap(5))).toBe(false)
  })

  it('leaves a service in a session of its own when it ends well', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', `setsid ${nap(6)} >/dev/null 2>&1 &\necho $!\nsleep 0.2`)

    const [pid] = await folder.run('on_start.sh')

    expect(isThere(nap(6))).toBe(true)
    process.kill(Number(pid))
  })
})
