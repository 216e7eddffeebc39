import { describe, expect, it } from 'vitest'
import { together } from '../../reconciler/lib/together.ts'

/** Work that notes what it was given, and fails when `bad` is among it. */
function noted(given: string[]) {
  return async (items: readonly string[]): Promise<void> => {
    given.push(items.join('+'))
    await null
    if (items.includes('bad')) throw new Error('it is bad')
  }
}

describe('together', () => {
  it('works for the first at once, and for all who came meanwhile once more', async () => {
    const given: string[] = []
    const ask = together(noted(given))

    const first = ask('a')
    await null
    await Promise.all([first, ask('b'), ask('c'), ask('d')])
    await ask('e')

    expect(given).toEqual(['a', 'b+c+d', 'e'])
  })

  it('works for those who ask in one breath at once', async () => {
    const given: string[] = []
    const ask = together(noted(given))

    await Promise.all([ask('a'), ask('b')])

    expect(given).toEqual(['a+b'])
  })

  it('answers nobody before the work that was for him is done', async () => {
    const ended: string[] = []
    const ask = together<string>(async (items) => {
      await null
      ended.push(...items)
    })

    await Promise.all(['a', 'b', 'c'].map((item) => ask(item).then(() => expect(ended).toContain(item))))
  })

  it('lets nobody fail for another one, and goes on', async () => {
    const given: string[] = []
    const ask = together(noted(given))

    const ended = await Promise.allSettled([ask('a'), ask('bad'), ask('c')])
    await ask('d')

    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(given).toEqual(['a+bad+c', 'a', 'bad', 'c', 'd'])
  })
})
