import { z } from 'zod'

/** The parts of Caddy's configuration that we read. What a site does with a request passes through untouched. */
const Matcher = z.looseObject({
  host: z.array(z.string()).optional(),
  path: z.array(z.string()).optional(),
})
export const SiteRoute = z.looseObject({
  match: z.array(Matcher).optional(),
  handle: z.array(z.unknown()).optional(),
  terminal: z.boolean().optional(),
})
export type SiteRoute = z.infer<typeof SiteRoute>

export const Policy = z.looseObject({
  subjects: z.array(z.string()).optional(),
  issuers: z.array(z.looseObject({ module: z.string() })).optional(),
})
export type Policy = z.infer<typeof Policy>

const AdaptedServer = z.strictObject({
  listen: z.array(z.string()).default([]),
  routes: z.array(SiteRoute).default([]),
  errors: z.strictObject({ routes: z.array(SiteRoute).default([]) }).optional(),
  /** Which logger a host's requests go to: ours for all. */
  logs: z.unknown().optional(),
})
export type AdaptedServer = z.infer<typeof AdaptedServer>

/** What Caddy may make of a snippet. Whatever else is in it belongs to all sites at once. */
export const Adapted = z.strictObject({
  apps: z
    .strictObject({
      http: z.strictObject({ servers: z.record(z.string(), AdaptedServer).default({}) }).optional(),
      tls: z
        .strictObject({ automation: z.strictObject({ policies: z.array(Policy).default([]) }).optional() })
        .optional(),
    })
    .default({}),
})
export type Adapted = z.infer<typeof Adapted>

/** JSON with its keys in order: equal texts are equal configurations. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([left], [right]) => (left < right ? -1 : 1)))
      : one,
  )
}
