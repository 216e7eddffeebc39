import { z } from 'zod'

/** The documents of the public contract: every field it names, with its type. More fields are free. */
const version = z.literal(1)
const id = z.string().min(1)
const nullable = z.string().nullable()
const revision = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .nullable()
const error = z.object({ code: z.string().regex(/^STACK_[A-Z_]+$/), message: id, hint: id, at: nullable })

const Change = z.object({ field: id, want: nullable, got: nullable, cause: id })
const Step = z.object({
  id,
  kind: id,
  stacklet: nullable,
  because: id,
  risk: z.enum(['safe', 'disrupts', 'destroys-data']),
  after: z.array(id),
  changes: z.array(Change),
  digest: z.string().regex(/^[0-9a-f]+$/),
})
const Note = z.object({ kind: id, stacklet: nullable, message: id, hint: id, digest: nullable })

const Container = z.object({ name: id, id, service: nullable, image: id, state: id, health: id })
const StackletStatus = z.object({
  id,
  name: id,
  version: id,
  category: z.string(),
  desired: z.enum(['running', 'stopped', 'paused', 'absent', 'undeclared']),
  state: z.enum(['available', 'running', 'stopped', 'paused']),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
  inSync: z.boolean(),
  drift: z.array(id),
  hold: z.unknown(),
  url: nullable,
  containers: z.array(Container),
})

export const documents = {
  plan: z.object({
    version,
    host: id,
    revision,
    dirty: z.boolean(),
    empty: z.boolean(),
    steps: z.array(Step),
    notes: z.array(Note),
  }),
  env: z.object({ version, id, env: z.record(z.string(), z.string()) }),
  validate: z.object({
    version,
    ok: z.boolean(),
    problems: z.array(z.object({ level: z.enum(['error', 'warning']), code: id, message: id, hint: id, at: nullable })),
  }),
  status: z.object({
    version,
    host: id,
    revision,
    condition: z.object({ ready: z.boolean(), reason: id, message: id, since: nullable }),
    stacklets: z.array(StackletStatus),
  }),
  doctor: z.object({
    version,
    ok: z.boolean(),
    checks: z.array(
      z.object({
        name: id,
        level: z.enum(['ok', 'warning', 'error']),
        message: id,
        hint: nullable,
        fixable: z.boolean(),
      }),
    ),
    mended: z.array(z.object({ name: id, done: z.boolean(), message: id })),
  }),
  reconcile: z.object({
    version,
    run: id,
    revision,
    outcome: z.enum(['converged', 'waiting', 'held', 'failed', 'stalled']),
    rounds: z.int().min(0),
    steps: z.array(
      z.object({ id, kind: id, stacklet: nullable, because: id, result: z.enum(['done', 'failed', 'skipped']) }),
    ),
    error: error.nullable(),
  }),
  errors: z.object({ version, error }),
  list: z.object({
    version,
    total: z.int(),
    online: z.int(),
    stacklets: z.array(z.object({ id, name: id, description: z.string(), version: id, category: z.string() })),
  }),
}
