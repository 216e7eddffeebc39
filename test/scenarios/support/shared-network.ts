import { onTestFinished } from 'vitest'
import { uniqueName } from '../../engine/ports.ts'
import { testEngine } from '../../engine/test-engine.ts'
import type { Instance } from './instance.ts'

/** Other tests need the shared network: a container that is attached to it keeps it. */
export async function attachSomebody(host: Instance): Promise<void> {
  const keeper = uniqueName('keeper')
  await host.docker(['create', '--name', keeper, '--network', 'stack', testEngine().images.busybox])
  onTestFinished(async () => void (await host.docker(['rm', '--force', keeper])))
}
