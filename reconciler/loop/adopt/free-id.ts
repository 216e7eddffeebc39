import type { Draft } from '../../definitions/adopt/draft.ts'
import { gitBlobDigest } from '../../lib/digest.ts'
import { StackError } from '../../model/errors.ts'
import { isStackletId, reservedIds, type StackletId } from '../../model/names.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import type { World } from '../../ports/world.ts'
import type { Loaded } from '../load-desired.ts'
import { badId } from './refusals.ts'

export function usableId(id: string): StackletId {
  if (!isStackletId(id)) throw badId(id, 'cannot be the name of a stacklet')
  if (reservedIds.includes(id)) throw badId(id, 'is a command of stack')
  return id
}

interface Claimed {
  readonly draft: Draft
  /** By path in the instance. */
  readonly files: readonly NewFile[]
  readonly loaded: Loaded
}

/** Nothing else has this id. What an adoption that was cut short committed is no other: it goes on there. */
export async function mustBeFree(world: World, { draft, files, loaded }: Claimed, signal: AbortSignal): Promise<void> {
  const { id } = draft
  const { entries } = await world.ledger.read()
  if (entries[id] !== undefined) throw badId(id, 'is the name of another stacklet')
  const { revision, stacklets, gone } = loaded.desired
  const committed = revision === null ? [] : await digestsOf(id, revision, world, signal)
  const written = await digestsOf(id, 'work-tree', world, signal)
  const wanted = files.map(({ path, bytes }) => `${gitBlobDigest(bytes)} ${path}`)
  const isGoingOn = sameSet(committed, wanted) && sameSet(written, wanted)
  if (!isGoingOn && written.length + committed.length > 0) throw badId(id, `is taken: there is stacklets/${id}/`)
  const isListed = [...stacklets.map((one) => one.id), ...gone].includes(id)
  if (!isGoingOn && isListed) throw badId(id, `is listed in ${loaded.file} already`)
  await mustKeepSecrets(world, draft)
}

async function digestsOf(
  id: StackletId,
  from: Parameters<World['source']['read']>[0],
  { source }: World,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { files } = await source.read(from, signal)
  const own = files.filter(({ path }) => path.startsWith(`stacklets/${id}/`))
  return own.map(({ digest, path }) => `${digest} ${path}`)
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text) => other.includes(text))
}

/** A value that is kept under the same name may be the only one of its kind. */
async function mustKeepSecrets({ secrets }: World, { id, secrets: lifted }: Draft): Promise<void> {
  const known = await secrets.read()
  const taken = [...lifted].find(([name, value]) => {
    const there = known[`${id}__${name}`]?.reveal() ?? ''
    return there !== '' && there !== value.reveal()
  })
  if (taken === undefined) return
  const name = `${id}__${taken[0]}`
  const hint = `choose another --id, or remove that one: stack secrets rm ${name}`
  throw new StackError('STACK_REFUSED', `the secret ${name} is there already, with another value`, {
    hint,
    terminal: true,
  })
}
