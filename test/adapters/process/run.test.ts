import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { type OutputLine, run } from '../../../reconciler/adapters/process/run.ts'

const sh = (script: string) => ['sh', '-c', script]

/** What a call did, and how long it took. */
async function timed<T>(promise: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now()
  const value = await promise
  return { value, ms: performance.now() - start }
}

/** A zombie is dead: on some machines nobody reaps orphans at once. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/\) [ZX] /.test(stat)
  } catch {
    return false
  }
}

describe('run', () => {
  it.each([
    ['true', 0],
    ['exit 3', 3],
    ['exit 255', 255],
  ])('answers the exit code of %j', async (script, exitCode) => {
    const ran = await run(sh(script))

    expect(ran).toMatchObject({ exitCode, signal: null, timedOut: false, cancelled: false, truncated: false })
  })

  it('answers the signal that ended the program', async () => {
    expect(await run(sh('kill -9 $$'))).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false })
  })

  it('keeps stdout and stderr apart, byte for byte', async () => {
    const ran = await run(sh('printf "a\\n\\nb  \\n"; printf "è" >&2'))

    expect([ran.stdout, ran.stderr]).toEqual(['a\n\nb  \n', 'è'])
  })

  it('rejects with the system code when the program is not there', async () => {
    await expect(run(['no-such-program-anywhere'])).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(run(['true'], { cwd: '/no/such/folder' })).rejects.toThrow(/cannot start true/)
  })

  it('passes words as they are, never through a shell', async () => {
    const words = ['$HOME', 'a b', '"; exit 1', '*']

    expect((await run(['printf', '%s|', ...words])).stdout).toBe('$HOME|a b|"; exit 1|*|')
  })

  it('gives exactly the environment it was told', async () => {
    const ran = await run(['/usr/bin/env'], { env: { ONLY: 'this' } })

    expect(ran.stdout).toBe('ONLY=this\n')
  })

  it('hands over the input and closes stdin; without input stdin is empty', async () => {
    expect((await run(['cat'], { input: 'secret\n' })).stdout).toBe('secret\n')
    expect((await run(['cat'])).stdout).toBe('')
  })

  it('does not mind a program that never reads its input', async () => {
    expect(await run(['true'], { input: 'x'.repeat(5_000_000) })).toMatchObject({ exitCode: 0 })
  })

  it('says every line as it comes', async () => {
    const lines: OutputLine[] = []

    await run(sh('echo one; echo two >&2; sleep 0.05; printf "three\\r\\nlast"'), {
      onLine: (line) => lines.push(line),
    })

    expect(lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)).toEqual(['one', 'three', 'last'])
    expect(lines.filter(({ stream }) => stream === 'stderr').map(({ text }) => text)).toEqual(['two'])
  })

  it('keeps the beginning of a long output, says that there was more, and says all lines', async () => {
    let lines = 0

    const ran = await run(['seq', '1', '200000'], { maxBytes: 10, onLine: () => lines++ })

    expect(ran).toMatchObject({ exitCode: 0, stdout: '1\n2\n3\n4\n5\n', truncated: true })
    expect(lines).toBe(200_000)
  })

  it('loses nothing of a large output', async () => {
    const ran = await run(['seq', '1', '500000'])

    expect(ran.stdout.length).toBe(3_388_895)
    expect(ran.truncated).toBe(false)
  })

  it('does not wait for a grandchild that an ended program left behind with its stdout', async () => {
    const { value, ms } = await timed(run(sh('sleep 5 & echo $!')))

    expect(value).toMatchObject({ exitCode: 0, timedOut: false })
    expect(ms).toBeLessThan(900)
    expect(isAlive(Number(value.stdout)), 'the grandchild is left alone').toBe(true)
    process.kill(Number(value.stdout))
  })

  it('does not wait for a grandchild that keeps talking', async () => {
    const { value, ms } = await timed(run(sh('(while :; do echo more; sleep 0.02; done) & echo $!')))

    expect(value.exitCode).toBe(0)
    expect(ms).toBeLessThan(1200)
    process.kill(Number(value.stdout.split('\n')[0]))
  })

  it('ends the whole group when the time is up, grandchildren included', async () => {
    const { value, ms } = await timed(run(sh('sleep 30 & echo $!; wait'), { timeoutMs: 200 }))

    expect(value).toMatchObject({ timedOut: true, cancelled: false, signal: 'SIGTERM' })
    expect(ms).toBeLessThan(1200)
    expect(isAlive(Number(value.stdout))).toBe(false)
  })

  it('ends a program that falls silent, and none that keeps talking for longer', async () => {
    const talks = 'for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.1; done'

    const { value: silent, ms } = await timed(run(sh('echo once; sleep 30'), { silenceMs: 300 }))
    const { value: talking } = await timed(run(sh(talks), { silenceMs: 300 }))

    expect(silent).toMatchObject({ timedOut: true, signal: 'SIGTERM', stdout: 'once\n' })
    expect(ms).toBeLessThan(1500)
    expect(talking).toMatchObject({ timedOut: false, exitCode: 0 })
  })

  it('kills a group that ignores SIGTERM once the grace is over', async () => {
    const script = 'trap "" TERM; (trap "" TERM; sleep 30) & echo $!; sleep 30'

    const { value, ms } = await timed(run(sh(script), { timeoutMs: 200, graceMs: 300 }))

    expect(value).toMatchObject({ timedOut: true, signal: 'SIGKILL' })
    expect(ms).toBeGreaterThan(450)
    expect(ms).toBeLessThan(1800)
    expect(isAlive(Number(value.stdout))).toBe(false)
  })

  it('kills what survives of the group even when its leader obeyed', async () => {
    const script = '(trap "" TERM; sleep 30) & echo $!; sleep 30'

    const { value } = await timed(run(sh(script), { timeoutMs: 200, graceMs: 200 }))

    expect(value.signal).toBe('SIGTERM')
    expect(isAlive(Number(value.stdout))).toBe(false)
  })

  it('lets a program clean up within the grace', async () => {
    const ran = await run(sh('trap "echo tidy; exit 7" TERM; sleep 30 & wait'), { timeoutMs: 200 })

    expect(ran).toMatchObject({ exitCode: 7, stdout: 'tidy\n', timedOut: true })
  })

  it('ends the group on cancellation', async () => {
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 150)

    const { value, ms } = await timed(run(sh('sleep 30 & wait'), { signal: cancel.signal }))

    expect(value).toMatchObject({ cancelled: true, timedOut: false })
    expect(ms).toBeLessThan(1200)
  })

  it('starts nothing when it was cancelled before', async () => {
    expect(await run(['no-such-program'], { signal: AbortSignal.abort() })).toMatchObject({
      exitCode: null,
      cancelled: true,
    })
  })

  it('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    const warnings: Error[] = []
    process.on('warning', (warning) => warnings.push(warning))

    for (let count = 0; count < 15; count++) await run(['true'], { signal, timeoutMs: 5000 })
    await sleep(10)

    expect(warnings).toEqual([])
  })

  it('runs many at once', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, (_, n) => run(sh(`echo ${n}; exit ${n}`))))

    expect(all.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(all.map((_, n) => [n, `${n}\n`]))
  })
})
