import type { HostStatus } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { standingOf } from './standing.ts'
import { table } from './table.ts'

/** The catalogue, grouped by category. */
export function listLines({ stacklets }: HostStatus, { paint }: Terminal): readonly string[] {
  if (stacklets.length === 0) return ['No stacklets: add one under stacklets/.']
  const categories = [...new Set(stacklets.map((one) => one.category))].sort()
  const lines = categories.flatMap((category) => {
    const members = stacklets.filter((one) => one.category === category)
    const rows = members.map((one) => [`  ${one.id}`, one.state, one.name, one.description])
    return ['', paint('bold', category === '' ? 'other' : category), ...table(rows)]
  })
  return lines.slice(1)
}

export function listDocument({ host, stacklets }: HostStatus): string {
  return document({
    name: host,
    total: stacklets.length,
    enabled: stacklets.filter((one) => one.state !== 'available').length,
    online: stacklets.filter((one) => standingOf(one).online).length,
    stacklets: stacklets.map((one) => ({
      id: one.id,
      name: one.name,
      description: one.description,
      version: one.version,
      category: one.category,
      port: one.port,
      desired: one.desired,
      state: one.state,
      url: one.url,
      ...standingOf(one),
    })),
  })
}
