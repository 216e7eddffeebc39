import type { Adopted } from './adopted.ts'
import { carryOut } from './carry-out.ts'
import type { AdoptParts } from './parts.ts'
import { prepare } from './prepare.ts'
import { twoRepositories } from './refusals.ts'

export interface AdoptRequest {
  readonly project: string
  /** Null: the project's own name. */
  readonly id: string | null
  /** True: only says what it would do, and reads only. */
  readonly isPreview: boolean
  /** How long to wait for another run on this host to end. */
  readonly waitMs: number
  /** Called once when another run has to end first, with a sentence that says whose it is. */
  readonly onWait: (sentence: string) => void
}

/** Makes a stacklet of a running Compose project. Nothing is started, stopped or made anew; what would need that is refused. */
export async function adopt(parts: AdoptParts, request: AdoptRequest, signal: AbortSignal): Promise<Adopted> {
  if (!parts.isOneRepository) throw twoRepositories()
  if (request.isPreview) return (await prepare(parts, request, signal)).report
  const held = await parts.world.lock.take(request, signal)
  try {
    await held.announce(`adopt ${request.project}`)
    return await carryOut(parts, await prepare(parts, request, signal), request, signal)
  } finally {
    await held.release()
  }
}
