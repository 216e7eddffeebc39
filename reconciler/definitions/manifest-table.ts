import { z } from 'zod'
import { Id, Port, ScalarOrDate } from './kinds.ts'
import { HealthTable } from './manifest-health.ts'
import { Routes } from './route-table.ts'

const Service = z.strictObject({
  name: z.string().optional(),
  description: z.string().default(''),
  check_url: z.string().optional(),
  start: z.string().optional(),
  stop: z.string().optional(),
})

/** `stacklet.toml`: nothing is required, because real directories lack this or that. */
export const Manifest = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  description: z.string().default(''),
  version: z.string().default('0.0.0'),
  category: z.string().default(''),
  port: Port.optional(),
  ports: z.record(z.string(), Port).default({}),
  always_on: z.boolean().default(false),
  type: z.enum(['docker', 'host']).default('docker'),
  requires: z.array(Id).default([]),
  build: z.boolean().default(false),
  login_field: z.enum(['email', 'username']).optional(),
  upstream: z
    .strictObject({
      image: z.string().default(''),
      channel: z.enum(['none', 'digest', 'patch', 'minor', 'major']).default('patch'),
    })
    .optional(),
  env: z
    .strictObject({
      generate: z.array(z.string()).default([]),
      defaults: z.record(z.string(), ScalarOrDate).default({}),
    })
    .prefault({}),
  hints: z.array(z.string()).default([]),
  health: HealthTable.optional(),
  services: z.record(z.string(), Service).default({}),
  update_order: z.enum(['start-first', 'stop-first']).default('stop-first'),
  route: Routes,
  proxy: z.boolean().default(false),
})
export type Manifest = z.infer<typeof Manifest>
