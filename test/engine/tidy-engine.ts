import type { Docker } from './images.ts'

/** Removes what runs that were cut short left in our own engine; named images stay. Never for an engine that others use. */
export async function tidyEngine(docker: Docker): Promise<void> {
  const containers = await docker(['ps', '--all', '--quiet'])
  if (containers !== '') await docker(['rm', '--force', '--volumes', ...containers.split('\n')])
  for (const kind of ['network', 'volume', 'image']) {
    await docker([kind, 'prune', '--force', ...(kind === 'volume' ? ['--all'] : [])])
  }
}
