import type { UpdatePolicy, UpdateRules } from '../model/update.ts'
import type { ServiceUpdateTable, UpdateTable } from './desired-table.ts'

const unsaid: UpdatePolicy = {
  channel: null,
  window: null,
  minAgeMs: 0,
  include: null,
  exclude: null,
  hold: false,
  snapshot: false,
  verify: null,
  verifyKey: 'desired/cosign.pub',
  verifyLog: true,
}

/** `[stacklets.<id>.update]`, and what its services say otherwise. */
export function updateRules(table: UpdateTable | undefined): UpdateRules {
  const whole = over(unsaid, table ?? {})
  const services = Object.entries(table?.services ?? {}).map(([name, own]) => [name, over(whole, own)] as const)
  return { whole, services: Object.fromEntries(services) }
}

function over(base: UpdatePolicy, table: ServiceUpdateTable & Pick<Partial<UpdateTable>, 'snapshot'>): UpdatePolicy {
  return {
    channel: table.channel ?? base.channel,
    window: table.window ?? base.window,
    minAgeMs: table.min_age ?? base.minAgeMs,
    include: table.include ?? base.include,
    exclude: table.exclude ?? base.exclude,
    hold: table.hold ?? base.hold,
    snapshot: table.snapshot ?? base.snapshot,
    verify: table.verify ?? base.verify,
    verifyKey: table.verify_key ?? base.verifyKey,
    verifyLog: table.verify_log ?? base.verifyLog,
  }
}
