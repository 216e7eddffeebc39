import { z } from 'zod'
import { desiredStates } from '../model/desired.ts'
import { CronLine, Duration, Interval, Pattern, Scalar, Whole } from './kinds.ts'
import { Routes } from './route-table.ts'

const Reconcile = z.strictObject({
  interval: Interval.prefault('5m'),
  schedule: CronLine.default('0 0 3 * * *'),
  concurrency: Whole.min(1).default(4),
  hold: Duration.prefault('24h'),
  prune: z.enum(['keep', 'down', 'destroy']).default('down'),
  self_heal: z.boolean().default(true),
  on_failure: z.enum(['rollback', 'keep']).default('rollback'),
  max_removals: Whole.min(0).default(3),
})

const Update = z.strictObject({
  channel: z.enum(['digest', 'patch', 'minor', 'major', 'none']).optional(),
  window: z.string().optional(),
  min_age: Duration.prefault('0s'),
  include: Pattern.optional(),
  exclude: Pattern.optional(),
  snapshot: z.boolean().default(false),
  verify: z.string().optional(),
})

const Backup = z.strictObject({
  method: z.string().optional(),
  schedule: CronLine.optional(),
  frequency: z.string().optional(),
  keep: Whole.min(0).optional(),
  target: z.string().optional(),
  recipients: z.array(z.string()).default([]),
})

const Entry = z.strictObject({
  state: z.enum(desiredStates).default('running'),
  requires: z.array(z.string()).default([]),
  env: z.record(z.string(), Scalar).default({}),
  update: Update.optional(),
  drift: z.strictObject({ ignore: z.array(z.string()).default([]) }).optional(),
  route: Routes,
  backup: Backup.optional(),
})
export type Entry = z.infer<typeof Entry>

const Stack = z.strictObject({
  definition: z.unknown().optional(),
  prefix: z.unknown().optional(),
  state: z.enum(desiredStates).optional(),
  requires: z.unknown().optional(),
  spaces: z.record(z.string(), z.unknown()).optional(),
})

const App = z.strictObject({
  image: z.unknown().optional(),
  package: z.unknown().optional(),
  domain: z.unknown().optional(),
  env: z.unknown().optional(),
  volume: z.unknown().optional(),
  port: z.unknown().optional(),
  provider: z.unknown().optional(),
  state: z.enum(desiredStates).optional(),
  requires: z.unknown().optional(),
  backup: z.unknown().optional(),
})

/** `desired.toml`. */
export const DesiredToml = z.strictObject({
  reconcile: Reconcile.prefault({}),
  stacklets: z.record(z.string(), Entry).default({}),
  stacks: z.record(z.string(), Stack).default({}),
  apps: z.record(z.string(), App).default({}),
})
export type DesiredToml = z.infer<typeof DesiredToml>
