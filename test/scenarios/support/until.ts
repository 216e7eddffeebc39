import { setTimeout as sleep } from 'node:timers/promises'

export interface Patience {
  readonly withinMs: number
  /** What there was instead, for who reads the failure. */
  readonly what?: () => string
}

/** Asks again and again until there is an answer. */
export async function until<Answer>(
  ask: () => Promise<Answer | null>,
  { withinMs, what = () => '' }: Patience,
): Promise<Answer> {
  const deadlineMs = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > deadlineMs) throw new Error(`not within ${withinMs} ms: ${what()}`)
    await sleep(20)
  }
}
