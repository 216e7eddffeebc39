import { z } from 'zod'
import { desiredStates } from '../model/desired.ts'
import { channels } from '../model/update.ts'
import { CronLine, Duration, Interval, Pattern, Scalar, Whole, WindowText } from './kinds.ts'
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

const updateKeys = {
  channel: z.enum(channels).optional(),
  window: WindowText.optional(),
  min_age: Duration.optional(),
  include: Pattern.optional(),
  exclude: Pattern.optional(),
  hold: z.boolean().optional(),
  verify: z.enum(['cosign']).optional(),
  verify_key: z.string().optional(),
  verify_log: z.boolean().optional(),
}
const ServiceUpdate = z.strictObject(updateKeys)
export type ServiceUpdateTable = z.infer<typeof ServiceUpdate>

const Update = z.strictObject({
  ...updateKeys,
  snapshot: z.boolean().optional(),
  services: z.record(z.string(), ServiceUpdate).default({}),
})
export type UpdateTable = z.infer<typeof Update>

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
