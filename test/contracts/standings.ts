import { describe, expect, it } from 'vitest'
import type { Digest, StackletId } from '../../reconciler/model/names.ts'
import { clearStanding, type Standing } from '../../reconciler/model/standing.ts'
import type { Standings } from '../../reconciler/ports/standings.ts'

const never = new AbortController().signal
const id = (text: string) => text as StackletId

export function onHold(name: string, why = 'moving house'): Standing {
  const hold = { by: 'asked', why, sinceMs: 1, untilMs: null, declared: 'd' as Digest, state: 'running' } as const
  return { ...clearStanding(id(name)), hold }
}

/** What every Standings promises, whatever it keeps them in. */
export function promisesOfStandings(make: () => Standings): void {
  describe('promises of Standings', () => {
    it('is empty at first', async () => {
      expect(await make().read()).toEqual({ standings: {}, broken: [] })
    })

    it('gives back what was written, and answers it', async () => {
      const standings = make()

      const written = await standings.change(() => [onHold('photos'), onHold('docs')], never)

      expect(written.map((one) => one.id)).toEqual(['photos', 'docs'])
      expect((await standings.read()).standings).toEqual({ docs: onHold('docs'), photos: onHold('photos') })
    })

    it('changes what is there, and forgets one with nothing to remember', async () => {
      const standings = make()
      await standings.change(() => [onHold('photos'), onHold('docs')], never)

      await standings.change((all) => [{ ...clearStanding(id('photos')), hold: all['docs']?.hold ?? null }], never)
      await standings.change(() => [clearStanding(id('docs'))], never)

      expect(Object.keys((await standings.read()).standings)).toEqual(['photos'])
    })

    it('loses none of many changes at once', async () => {
      const standings = make()
      const add = (all: Readonly<Record<string, Standing>>) => {
        const count = Number(all['photos']?.hold?.why ?? 0) + 1
        return [onHold('photos', String(count))]
      }

      await Promise.all(Array.from({ length: 8 }, () => standings.change(add, never)))

      expect((await standings.read()).standings['photos']?.hold?.why).toBe('8')
    })
  })
}
