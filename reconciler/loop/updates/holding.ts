import type { UpdateRequests, UpdateRun } from './apply-updates.ts'
import type { UpdateParts } from './update-parts.ts'

/** Nobody else changes this host meanwhile: what is stopped for a copy of its data stays stopped. */
export async function holding<Answer>(
  { world }: UpdateParts,
  request: UpdateRequests,
  signal: AbortSignal,
  work: (run: UpdateRun) => Promise<Answer>,
): Promise<Answer> {
  const held = await world.lock.take(request, signal)
  try {
    return await work({ ...request, held })
  } finally {
    await held.release()
  }
}
