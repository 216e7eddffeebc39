import { editDesired } from '../../definitions/edit-desired.ts'
import { InvalidInstance } from '../../model/errors.ts'
import { Secret } from '../../model/secret.ts'
import { envFileText } from '../../plan/env-file.ts'
import { sharedNetwork } from '../../plan/shared-network.ts'
import type { World } from '../../ports/world.ts'
import { loadDesired } from '../load-desired.ts'
import { noteRunning } from '../take-over.ts'
import type { Adopted } from './adopted.ts'
import type { AdoptParts } from './parts.ts'
import type { Prepared } from './prepare.ts'
import { notAdoptable } from './refusals.ts'

/**
 * Secrets, then the commit, then what a run would have left behind. Until the commit a run knows nothing of it; after it, until
 * the ledger knows the containers, they are a stranger's, and a run leaves them alone.
 */
export async function carryOut(
  { world, home }: AdoptParts,
  prepared: Prepared,
  { onWait }: { readonly onWait: (sentence: string) => void },
  signal: AbortSignal,
): Promise<Adopted> {
  const { draft, state, report, project } = prepared
  for (const [name, value] of draft.secrets) await world.secrets.set(`${draft.id}__${name}`, value, signal)
  const { revision, notes } = await commit(world, prepared, onWait, signal)
  await setUp(world, prepared, home, signal)
  const [taken] = await noteRunning(world, [{ id: draft.id, state, because: null }], home, signal)
  if (taken?.problem)
    throw notAdoptable(`${project.name} was not taken over: ${taken.problem}`, 'stack plan shows more')
  return { ...report, revision, notes }
}

async function commit(
  world: World,
  { draft, state, files, loaded }: Prepared,
  onWait: (sentence: string) => void,
  signal: AbortSignal,
) {
  const { remote, branch, verify } = loaded.desired.settings.git
  const { file } = loaded
  const edit = (text: string | null): string => {
    const edited = editDesired(text, new Map([[draft.id, state]]), file)
    if ('problem' in edited) throw new InvalidInstance([edited.problem])
    return edited.text
  }
  const signed = verify === 'signed'
  const request = { path: file, edit, beside: files, message: `adopt ${draft.id}`, signed, remote, branch, onWait }
  return world.editor.commitFile(request, signal)
}

/** What a first run writes: its values, and that it is done. */
async function setUp(world: World, { draft }: Prepared, home: string, signal: AbortSignal): Promise<void> {
  const loaded = await loadDesired(world, 'head', home, signal)
  const wanted = loaded.desired.stacklets.find(({ id }) => id === draft.id)
  const { instance } = await world.host.keep(loaded.host)
  const { networks } = await world.engine.look({ instance, projects: [] }, signal)
  if (!networks.has(sharedNetwork)) {
    await world.engine.createNetwork(sharedNetwork, { 'stack.instance': instance }, signal)
  }
  if (wanted === undefined) return
  await world.files.write('env', draft.id, new Secret(envFileText(wanted)))
  await world.files.write('marker', draft.id, new Secret(`${new Date(world.clock.nowMs()).toISOString()}\n`))
}
