import { hookHost } from '../../../reconciler/adapters/hooks/hook-host.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'

/** A program that runs one hook for the person at its terminal. */
const [, , root = '', file = ''] = process.argv
const memory = {
  secrets: { read: async () => ({}), set: async () => {} },
  settings: { read: async () => ({}), set: async () => {} },
}
const isHealthy = async () => true
const host = hookHost({ instance: root, root, env: process.env, memory, isHealthy, interactive: true })
const context = { env: {}, secrets: {}, users: [], settings: {}, dataDir: root, domain: '' }
const request = { id: 'photos' as StackletId, event: 'on_configure', file, context, timeoutMs: 20_000 } as const
const onLine = (line: string) => process.stdout.write(`[told] ${line}\n`)
await host.run({ ...request, onLine }, new AbortController().signal)
process.stdout.write('[over]\n')
