import { z } from 'zod'
import { digest } from '../lib/digest.ts'
import { jsonOrNull } from '../lib/json-or-null.ts'
import { StackError } from '../model/errors.ts'
import type { SealedPlan } from '../model/sealed-plan.ts'

/** What the file says it is, and the format this version writes. */
const kind = 'stack sealed plan'
const format = 1

const text = z.string()
const TextByName = z.record(text, text)
const Change = z.object({ field: text, want: text.nullable(), got: text.nullable(), cause: text })

const Plan = z.object({
  host: text,
  instance: text.nullable(),
  revision: text.regex(/^[0-9a-f]{40,64}$/),
  only: z.array(text).nullable(),
  steps: z.array(
    z.object({
      id: text,
      kind: text,
      stacklet: text.nullable(),
      because: text,
      risk: z.enum(['safe', 'disrupts', 'destroys-data']),
      after: z.array(text),
      changes: z.array(Change),
      digest: text,
    }),
  ),
  stacklets: z.record(text, z.object({ files: TextByName, inputs: TextByName, applied: text.nullable() })),
  containers: z.record(text, z.object({ id: text, state: text, startedAtMs: z.number(), restarts: z.number() })),
})

const Marked = z.looseObject({ kind: z.literal(kind), format: z.number(), seal: text })

/** A sealed plan as the text of its file. The seal at its end shows whether somebody changed it. */
export function writeSealedPlan(plan: SealedPlan): string {
  const marked = { kind, format, ...plan }
  return `${JSON.stringify({ ...marked, seal: sealOf(marked) }, null, 2)}\n`
}

/** Reads the text back; `file` is what a person calls it. Throws `STACK_PLAN_INVALID` for everything that is no whole sealed plan. */
export function readSealedPlan(content: string, file: string): SealedPlan {
  const found = jsonOrNull(content)
  const marked = Marked.safeParse(found).data
  if (marked === undefined) throw invalid(`${file} is no sealed plan`)
  if (marked.format !== format) throw invalid(`${file} was sealed by another version of stack`)
  const { seal, ...rest } = found as typeof marked
  if (seal !== sealOf(rest)) throw invalid(`${file} was changed since it was sealed`)
  const plan = Plan.safeParse(rest).data
  if (plan === undefined) throw invalid(`${file} is no sealed plan`)
  return plan as unknown as SealedPlan
}

function sealOf(rest: object): string {
  return digest(JSON.stringify(rest))
}

function invalid(message: string): StackError {
  return new StackError('STACK_PLAN_INVALID', message, {
    hint: 'seal a new one: stack plan --out FILE, and execute it with the same stack',
    terminal: true,
  })
}
