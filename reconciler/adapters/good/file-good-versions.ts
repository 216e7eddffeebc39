import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { insidePath } from '../../lib/inside-path.ts'
import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import { Secret } from '../../model/secret.ts'
import type { GoodVersion, GoodVersions, KeptVersion } from '../../ports/good-versions.ts'
import { copyFiles } from './copy-files.ts'
import { concealed, revealedJson } from './secret-json.ts'
import { turnedSources } from './turned-sources.ts'

export interface GoodVersionsOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
  /** Absolute directory whose stacklets/ are used; often the same. */
  readonly root: string
}

/** Grows when a version as written here would be misunderstood by this program. */
const format = 2

interface Written extends GoodVersion {
  readonly format: number
}

/** `.stack/good/<id>/`: `version.json`, and `root/` with a copy of its files as they lie in the root. */
export function fileGoodVersions({ instance, root }: GoodVersionsOptions): GoodVersions {
  const folderOf = (id: StackletId) => join(instance, '.stack/good', id)
  return {
    read: (id) =>
      naming(folderOf(id), async () => {
        const text = await textOf(join(folderOf(id), 'version.json'))
        const version = text === null ? null : versionIn(text, id)
        return version === null ? null : kept(version, root, join(folderOf(id), 'root'))
      }),
    save: (version) =>
      naming(folderOf(version.wanted.id), async () => {
        const folder = folderOf(version.wanted.id)
        const before = await textOf(join(folder, 'version.json'))
        if (before !== null && isSame(before, version)) return
        await replaceFolder(folder, (staged) => fill(staged, version, textFor(version), root))
      }),
    forget: (id) => naming(folderOf(id), () => rm(folderOf(id), { recursive: true, force: true })),
  }
}

async function kept(version: GoodVersion, root: string, copy: string): Promise<KeptVersion> {
  const { path } = version.wanted.stacklet
  const { document } = version
  const turned = document === null ? null : await turnedSources(JSON.parse(document.reveal()), { root, copy, path })
  return {
    ...version,
    document: turned === null ? null : new Secret(JSON.stringify(turned)),
    directory: join(copy, path),
  }
}

async function fill(folder: string, version: GoodVersion, text: string, root: string): Promise<void> {
  const { path, files } = version.wanted.stacklet
  const paths = Object.keys(files).flatMap((file) => insidePath(path, file) ?? [])
  await copyFiles(paths, root, join(folder, 'root'))
  await writeFileAtomic(join(folder, 'version.json'), text, { mode: 0o600 })
}

/** A folder that is whole or not there: what a killed process staged is removed before the next is. */
async function replaceFolder(folder: string, fillIt: (staged: string) => Promise<void>): Promise<void> {
  const staged = `${folder}.new`
  await rm(staged, { recursive: true, force: true })
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  await mkdir(staged, { mode: 0o700 })
  await fillIt(staged)
  await rm(folder, { recursive: true, force: true })
  await rename(staged, folder)
}

/** Another commit that says the same of it is no other version. */
function isSame(before: string, version: GoodVersion): boolean {
  const written = parsed(before)
  return written !== null && before === textFor({ ...version, revision: written.revision })
}

function textFor(version: GoodVersion): string {
  const written: Written = { format, ...version, wanted: { ...version.wanted, rolledBack: null } }
  return `${revealedJson(written)}\n`
}

function versionIn(text: string, id: StackletId): GoodVersion | null {
  const written = parsed(text)
  if (written?.format !== format || written.wanted?.id !== id) return null
  const { wanted, revision, images, document } = written
  return { wanted, revision, images, document }
}

function parsed(text: string): Written | null {
  try {
    return concealed(text) as Written | null
  } catch {
    return null
  }
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw failed(error, path)
  })
}

async function naming<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  return work().catch((error) => {
    throw failed(error, path)
  })
}

function failed(error: unknown, path: string): StackError {
  if (error instanceof StackError) return error
  return new StackError('STACK_FILES_FAILED', `cannot use ${path}: ${(error as Error).message}`, {
    hint: `let the user that runs stack read and write ${path}, and see that its disk has room`,
    cause: error,
  })
}
