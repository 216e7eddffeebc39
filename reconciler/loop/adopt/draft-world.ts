import type { Draft } from '../../definitions/adopt/draft.ts'
import { digest, gitBlobDigest } from '../../lib/digest.ts'
import type { LedgerEntry, ObservedFiles } from '../../model/actual.ts'
import type { Digest } from '../../model/names.ts'
import { envFileText } from '../../plan/env-file.ts'
import type { InstanceSource, SourceFile, SourceTree } from '../../ports/instance-source.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import type { World } from '../../ports/world.ts'
import { loadDesired } from '../load-desired.ts'

export interface DraftWorldRequest {
  readonly draft: Draft
  /** What is to be committed, by path in the instance. */
  readonly files: readonly NewFile[]
  /** Where its files lie for now. */
  readonly directory: string
  readonly home: string
}

/** The world as it would be if the draft were committed and set up: asked like the real one, and nothing is written. */
export async function draftWorld(world: World, request: DraftWorldRequest, signal: AbortSignal): Promise<World> {
  const { draft, files, directory, home } = request
  const kept: Record<string, LedgerEntry> = {}
  const secrets = Object.fromEntries([...draft.secrets].map(([name, value]) => [`${draft.id}__${name}`, value]))
  const before: World = {
    ...world,
    source: withFiles(world.source, files),
    secrets: { ...world.secrets, read: async () => ({ ...(await world.secrets.read()), ...secrets }) },
    lock: { take: async () => ({ announce: async () => {}, release: async () => {} }) },
    host: { ...world.host, keep: async (facts) => ({ ...facts, instance: facts.instance ?? '' }) },
    ledger: {
      ...world.ledger,
      read: async () => {
        const { entries, broken } = await world.ledger.read()
        return { entries: { ...entries, ...kept }, broken }
      },
      write: async (entry) => {
        kept[entry.id] = entry
      },
    },
    good: { ...world.good, save: async () => {} },
  }
  const { desired } = await loadDesired(before, 'head', home, signal)
  const wanted = desired.stacklets.find((one) => one.id === draft.id)
  const env = wanted === undefined ? null : (digest(envFileText(wanted)) as Digest)
  const own: ObservedFiles = { ...setUp, env }
  return {
    ...before,
    files: {
      ...world.files,
      look: async (ids, dataDir) => ({ ...(await world.files.look(ids, dataDir)), [draft.id]: own }),
      paths: async (id) => (id === draft.id ? { directory, document: null } : world.files.paths(id)),
    },
  }
}

const setUp: Omit<ObservedFiles, 'env'> = {
  isSetUp: true,
  finishedHooks: [],
  startedServices: [],
  startedHook: null,
  hasData: false,
}

function withFiles(source: InstanceSource, files: readonly NewFile[]): InstanceSource {
  return { ...source, read: async (from, signal) => overlaid(await source.read(from, signal), files) }
}

function overlaid(tree: SourceTree, files: readonly NewFile[]): SourceTree {
  const added = new Map(files.map((file) => [file.path, file]))
  const all = [...tree.files.filter(({ path }) => !added.has(path)), ...files.map(sourceFile)]
  return {
    files: all.sort((one, other) => (one.path < other.path ? -1 : 1)),
    text: async (path) => {
      const file = added.get(path)
      return file === undefined ? tree.text(path) : new TextDecoder().decode(file.bytes)
    },
  }
}

function sourceFile({ path, bytes, isExecutable }: NewFile): SourceFile {
  const kind = isExecutable ? 'executable' : 'file'
  return { path, digest: gitBlobDigest(bytes) as Digest, kind, leavesRoot: false }
}
