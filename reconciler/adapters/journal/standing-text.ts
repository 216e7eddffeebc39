import { z } from 'zod'
import { jsonOrNull } from '../../lib/json-or-null.ts'

import { desiredStates } from '../../model/desired.ts'
import type { Standing } from '../../model/standing.ts'

/** What a later version adds is left out; what it leaves out reads as nothing. */
const Text = z.object({
  id: z.string(),
  hold: z
    .object({
      by: z.enum(['hand', 'asked']),
      why: z.string(),
      sinceMs: z.number(),
      untilMs: z.number().nullable(),
      declared: z.string(),
      state: z.enum(desiredStates),
    })
    .nullable()
    .default(null),
  quarantine: z
    .object({
      declared: z.string(),
      content: z.string(),
      revision: z.string().nullable(),
      run: z.string(),
      atMs: z.number(),
      message: z.string(),
      isUndone: z.boolean(),
    })
    .nullable()
    .default(null),
  failure: z
    .object({
      declared: z.string(),
      count: z.number(),
      atMs: z.number(),
      retryAtMs: z.number(),
      message: z.string(),
    })
    .nullable()
    .default(null),
  heals: z.array(z.object({ what: z.string(), atMs: z.number() })).default([]),
  flapping: z.object({ declared: z.string(), what: z.string(), sinceMs: z.number() }).nullable().default(null),
})

/** The standing in a text; null when it is none, or another stacklet's. */
export function readStanding(text: string, id: string): Standing | null {
  const found = Text.safeParse(jsonOrNull(text)).data
  return found?.id === id ? (found as unknown as Standing) : null
}

export function writeStanding(standing: Standing): string {
  return `${JSON.stringify(standing, null, 2)}\n`
}
