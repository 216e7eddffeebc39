import { createHash } from 'node:crypto'
import { chmod, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { z } from 'zod'
import type { ObservedFiles } from '../../model/actual.ts'
import { hookEvents, type StartedHook } from '../../model/hook.ts'
import type { Digest, StackletId } from '../../model/names.ts'
import type { InstanceFiles, OwnFile } from '../../ports/instance-files.ts'
import { filesFailed } from './files-failed.ts'
import { lstatOrNull } from './lstat-or-null.ts'
import { makeFolders, mustStayInside, type OwnPlace, ownPlace, pathOf } from './own-places.ts'
import { fileReplacer } from './replace-file.ts'
import { moveToTrash } from './trash.ts'

export interface InstanceFilesOptions {
  /** Absolute directory of desired/ and .stack/. */
  readonly instance: string
  /** Absolute directory whose stacklets/ are used; often the same. */
  readonly root: string
}

/** Files on this machine's disk. `.env` files lie in the instance, beside the stacklet where root and instance are one. */
export function instanceFiles({ instance, root }: InstanceFilesOptions): InstanceFiles {
  const place = (file: OwnFile, id: StackletId) => ownPlace(instance, file, id)
  const replace = fileReplacer(instance)

  return {
    look: async (ids, dataDir) => {
      const looks = ids.map(async (id) => [id, await lookAt(id, dataDir)] as const)
      return Object.fromEntries(await Promise.all(looks))
    },
    write: async (file, id, content) => {
      const text = Buffer.from(content.reveal())
      await naming(pathOf(place(file, id)), 'write', () => write(place(file, id), text, replace))
    },
    remove: async (file, id) => naming(pathOf(place(file, id)), 'remove', () => remove(place(file, id))),
    trash: async (id, dataDir, at) =>
      naming(join(dataDir, id), 'move to the trash', () => moveToTrash(dataDir, id, at)),
    paths: async (id) => {
      const document = pathOf(place('document', id))
      return { directory: join(root, 'stacklets', id), document: (await isThere(document)) ? document : null }
    },
  }

  async function lookAt(id: StackletId, dataDir: string): Promise<ObservedFiles> {
    const env = pathOf(place('env', id))
    const bytes = await naming(env, 'read', () => ownBytes(env))
    const finished = await linesOf(pathOf(place('progress', id)))
    return {
      env: bytes === null ? null : (createHash('sha256').update(bytes).digest('hex') as Digest),
      isSetUp: await isThere(pathOf(place('marker', id))),
      finishedHooks: hookEvents.filter((event) => finished.includes(event)),
      startedServices: await linesOf(pathOf(place('services', id))),
      startedHook: startedHookIn(await linesOf(pathOf(place('hook', id)))),
      hasData: await isThere(join(dataDir, id)),
    }
  }
}

/** The hook that a line of JSON names; what is torn was written by a run that died before the hook began. */
function startedHookIn([line = 'null']: readonly string[]): StartedHook | null {
  try {
    return StartedHookLine.parse(JSON.parse(line))
  } catch {
    return null
  }
}

const StartedHookLine = z.object({ pid: z.number(), startedAt: z.string(), mark: z.string() }).nullable()

/** The lines of a list of ours; none where there is no such file. A torn line is the name of nothing. */
async function linesOf(path: string): Promise<readonly string[]> {
  const bytes = await naming(path, 'read', () => ownBytes(path))
  const text = bytes === null ? '' : Buffer.from(bytes).toString('utf8')
  return text.split('\n').filter((line) => line !== '')
}

type Replace = ReturnType<typeof fileReplacer>

async function write(place: OwnPlace, bytes: Uint8Array, replace: Replace): Promise<void> {
  const path = pathOf(place)
  await makeFolders(place)
  await mustStayInside(path, place.base)

  const before = await ownBytes(path)
  if (before === null || Buffer.compare(before, bytes) !== 0) return replace(path, bytes)
  if (((await lstatOrNull(path))?.mode ?? 0) & 0o077) await chmod(path, 0o600)
}

async function remove(place: OwnPlace): Promise<void> {
  const path = pathOf(place)
  await mustStayInside(dirname(path), place.base)
  await rm(path, { force: true })
}

/** The bytes of a file of ours; null where there is none, or something else in its place. */
async function ownBytes(path: string): Promise<Uint8Array | null> {
  return (await lstatOrNull(path))?.isFile() ? readFile(path) : null
}

async function isThere(path: string): Promise<boolean> {
  return naming(path, 'read', async () => (await lstatOrNull(path)) !== null)
}

async function naming<Answer>(path: string, act: string, work: () => Promise<Answer>): Promise<Answer> {
  return work().catch((error) => {
    throw filesFailed(error, act, path)
  })
}
