import type { ToldEvent } from './event-words.ts'

/** How far the news were heard, so that a new stream goes on there: nothing left out, nothing twice. */
export interface NewsCursor {
  /** False for what was heard before. */
  hear(event: ToldEvent): boolean
  /** Where a stream that is opened now has to begin. */
  resume(nowNs: string): Resumption
}

export interface Resumption {
  /** Nothing was heard before, and nothing of what was is asked for. */
  readonly isFirst: boolean
  /** A little before the last that was heard: the engine writes events down not quite in the order of their times. */
  readonly sinceNs: string
  /** The last that was heard: an engine that does not remember it is another one, or has forgotten. Null when there is none. */
  readonly witnessNs: string | null
}

const overlapNs = 1_000_000_000n
/** The engine itself remembers 256. */
const mostRemembered = 512

/** `sinceNs`: the last that was heard earlier, null for none. */
export function newsCursor(sinceNs: string | null): NewsCursor {
  const heard = new Set<string>()
  let begin = sinceNs === null ? null : BigInt(sinceNs)
  let last = begin
  return {
    hear(event) {
      const atNs = BigInt(event.atNs)
      const key = `${event.atNs} ${event.action} ${event.containerId}`
      if (atNs === begin || heard.has(key)) return false
      heard.add(key)
      if (heard.size > mostRemembered) heard.delete(heard.values().next().value ?? '')
      last = latest(last ?? atNs, atNs)
      return true
    },
    resume(nowNs) {
      const isFirst = begin === null
      begin ??= BigInt(nowNs)
      const since = last === null ? begin : latest(begin, last - overlapNs)
      return { isFirst, sinceNs: `${since}`, witnessNs: last === null ? null : `${last}` }
    },
  }
}

function latest(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}

/** `1767225600.000000001`: seconds with all nine digits, as the engine takes a time. */
export function secondsOf(atNs: string): string {
  const padded = atNs.padStart(10, '0')
  return `${padded.slice(0, -9)}.${padded.slice(-9)}`
}
