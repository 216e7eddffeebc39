import { StackError } from '../model/errors.ts'
import type { Digest } from '../model/names.ts'
import type { Note } from '../plan/step.ts'
import type { World } from '../ports/world.ts'
import { preview } from './preview.ts'

/** What a run of the last commit would hold, each with the digest that lets it happen. */
export async function heldNotes(world: World, home: string, signal: AbortSignal): Promise<readonly HeldNote[]> {
  const { plan } = await preview(world, { from: 'head', ids: [], home }, signal)
  return plan.notes.filter((note): note is HeldNote => note.digest !== null)
}

export type HeldNote = Note & { readonly digest: Digest }

/** Remembers that a person wants this. Throws `STACK_REFUSED` where nothing is held under that digest. */
export async function approve(world: World, digest: string, home: string, signal: AbortSignal): Promise<HeldNote> {
  const held = await heldNotes(world, home, signal)
  const meant = held.filter((note) => note.digest.startsWith(digest))
  const [note] = meant
  if (note === undefined || meant.length > 1) throw unknown(digest, held)
  await world.host.remember((memory) => ({
    ...memory,
    approvals: [...new Set([...memory.approvals, note.digest])].sort(),
  }))
  return note
}

function unknown(digest: string, held: readonly HeldNote[]): StackError {
  const known = held.map((note) => note.digest).join(', ')
  const hint = known === '' ? 'nothing is held at this moment: stack plan --ref HEAD' : `what is held: ${known}`
  return new StackError('STACK_REFUSED', `nothing is held under ${digest}`, { hint, terminal: true })
}
