import { z } from 'zod'
import { jsonOrNull } from '../../lib/json-or-null.ts'
import { noNotes, type UpdateNotes } from '../../model/update-notes.ts'

const Line = z.object({ image: z.string(), tag: z.string(), digest: z.string() })
const Place = { stacklet: z.string(), service: z.string() }
const Seen = z.object({ tag: z.string(), digest: z.string(), firstSeenMs: z.number() })
const Notes = z.object({
  seen: z.record(z.string(), z.array(Seen)).default({}),
  quarantine: z.array(z.object({ ...Place, digest: z.string(), why: z.string(), atMs: z.number() })).default([]),
  locked: z.array(z.object({ ...Place, digest: z.string() })).default([]),
  reverted: z.array(z.object({ ...Place, digest: z.string() })).default([]),
  pauses: z.record(z.string(), z.number()).default({}),
  begun: z
    .array(z.object({ ...Place, from: Line.nullable(), to: Line, atMs: z.number(), revision: z.string().nullable() }))
    .default([]),
  told: z
    .array(
      z.object({
        ...Place,
        image: z.string(),
        current: z.string().nullable(),
        candidate: z.string().nullable(),
        policy: z.string(),
        decision: z.string(),
        because: z.string(),
      }),
    )
    .default([]),
  replaced: z.array(z.object({ reference: z.string(), atMs: z.number() })).default([]),
  snapshots: z
    .array(
      z.object({
        stacklet: z.string(),
        folder: z.string(),
        atMs: z.number(),
        places: z.array(z.object({ path: z.string(), copy: z.string().nullable() })),
      }),
    )
    .default([]),
})

export function readNotes(text: string): UpdateNotes {
  const notes = Notes.safeParse(jsonOrNull(text)).data
  return notes === undefined ? noNotes : (notes as unknown as UpdateNotes)
}

export function writeNotes(notes: UpdateNotes): string {
  return `${JSON.stringify(notes, null, 2)}\n`
}
