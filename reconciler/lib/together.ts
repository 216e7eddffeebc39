import { inTurn } from './in-turn.ts'

export type Together<Item> = (item: Item) => Promise<void>

interface Waiting<Item> {
  readonly item: Item
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Does work for whoever asks, one time after the other; those who ask while some is done are worked for at once, in the order in which
 * they came. Where that fails, each is worked for alone: what one of them asks is no other's fault.
 */
export function together<Item>(work: (items: readonly Item[]) => Promise<void>): Together<Item> {
  const turn = inTurn()
  let waiting: Waiting<Item>[] = []

  async function workForAll(): Promise<void> {
    const all = waiting
    waiting = []
    if (all.length > 1 && (await isDone(all))) return
    for (const { item, resolve, reject } of all) await work([item]).then(resolve, reject)
  }

  async function isDone(all: readonly Waiting<Item>[]): Promise<boolean> {
    try {
      await work(all.map(({ item }) => item))
    } catch {
      return false
    }
    for (const { resolve } of all) resolve()
    return true
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      void turn(workForAll)
    })
}
