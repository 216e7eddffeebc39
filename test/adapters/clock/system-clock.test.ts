import { describe, expect, it } from 'vitest'

import { systemClock } from '../../../reconciler/adapters/clock/system-clock.ts'

const clock = systemClock()
const { signal } = new AbortController()

describe('systemClock', () => {
  it('tells the time in milliseconds, and a chance below one', () => {
    expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1000)
    for (let n = 0; n < 100; n++) expect(Math.floor(clock.random())).toBe(0)
  })

  it('sleeps as long as it is told', async () => {
    const start = performance.now()

    await clock.sleep(50, signal)
    await clock.sleep(0, signal)

    expect(performance.now() - start).toBeGreaterThan(45)
  })

  it.each([5000, 2 ** 31 + 5000, Number.POSITIVE_INFINITY])(
    'wakes from %d ms only when cancelled, with the reason',
    async (ms) => {
      const cancel = new AbortController()
      setTimeout(() => cancel.abort(new Error('enough')), 30)
      const start = performance.now()

      await expect(clock.sleep(ms, cancel.signal)).rejects.toThrow('enough')
      expect(performance.now() - start).toBeGreaterThan(25)
    },
  )

  it('does not begin to sleep when it was cancelled before', async () => {
    await expect(clock.sleep(5000, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    await expect(clock.sleep(0, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})
