// After every start, when the page is healthy: the moment for what needs the service itself. No build step.
import type { HookContext } from 'stackloop/sdk'
import { headingOf } from '../cli/_page.ts'

export async function run({ http_get, step }: HookContext): Promise<void> {
  step(`It says: ${headingOf(await http_get<string>('http://localhost:42100/'))}`)
}
