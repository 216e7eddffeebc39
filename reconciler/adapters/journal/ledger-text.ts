import { z } from 'zod'
import { jsonOrNull } from '../../lib/json-or-null.ts'

import type { LedgerEntry } from '../../model/actual.ts'
import { desiredStates } from '../../model/desired.ts'
import { hookEvents } from '../../model/hook.ts'

/** The format this version writes; entries of another one are rebuilt by looking again. */
const format = 2

const TextByName = z.record(z.string(), z.string())
const Named = z.array(z.object({ name: z.string(), external: z.boolean(), definition: z.string() }))

const Port = z.object({
  address: z.string(),
  port: z.number(),
  protocol: z.enum(['tcp', 'udp']),
  target: z.number().optional(),
})
const BuildWords = z.object({
  target: z.string().nullable(),
  args: z.record(z.string(), z.string().nullable()),
  contexts: z.array(z.string()),
})
const Service = z.object({
  name: z.string(),
  containerName: z.string().nullable(),
  image: z.string(),
  isBuilt: z.boolean(),
  replicas: z.number(),
  ports: z.array(Port),
  sources: z.array(z.string()),
  context: z.string().nullable(),
  dockerfile: z.string().optional(),
  words: BuildWords.optional(),
  hasHealthcheck: z.boolean(),
})

const Entry = z.object({
  format: z.literal(format),
  id: z.string(),
  state: z.enum(desiredStates),
  appliedAt: z.string(),
  revision: z.string().nullable(),
  content: z.string(),
  files: TextByName,
  inputs: TextByName,
  locked: TextByName.default({}),
  values: TextByName.default({}),
  requires: z.array(z.string()),
  project: z.object({ name: z.string(), services: z.array(Service), networks: Named, volumes: Named }).nullable(),
  engine: z.string(),
  containers: z.record(z.string(), TextByName),
  networks: z.record(z.string(), TextByName),
  volumes: z.record(z.string(), TextByName),
  images: TextByName,
  owes: z.array(z.enum(hookEvents)).default([]),
})

/** The entry in a text, null when it is none of this format, or another stacklet's. */
export function readEntry(text: string, id: string): LedgerEntry | null {
  const entry = Entry.safeParse(jsonOrNull(text)).data
  return entry?.id === id ? (entry as unknown as LedgerEntry) : null
}

export function writeEntry(entry: LedgerEntry): string {
  return `${JSON.stringify({ ...entry, format }, null, 2)}\n`
}
