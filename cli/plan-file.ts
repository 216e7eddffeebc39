import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { StackError } from '../reconciler/index.ts'

/** Puts a sealed plan at a path, for its owner alone, whole or not at all. */
export async function writePlanFile(file: string, text: string, cwd: string): Promise<void> {
  const path = resolve(cwd, file)
  const staged = `${path}.${randomUUID()}`
  try {
    await writeFile(staged, text, { mode: 0o600, flag: 'wx', flush: true })
    await rename(staged, path)
  } catch (error) {
    await rm(staged, { force: true })
    throw failed('write', file, error)
  }
}

export async function readPlanFile(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8')
  } catch (error) {
    throw failed('read', file, error)
  }
}

function failed(act: 'read' | 'write', file: string, error: unknown): StackError {
  const { code, message } = error as NodeJS.ErrnoException
  const hint =
    act === 'read' ? 'name the file that stack plan --out wrote' : 'name a file in a folder that you may write'
  return new StackError('STACK_FILES_FAILED', `cannot ${act} ${file}: ${words[code ?? ''] ?? message}`, {
    hint,
    cause: error,
  })
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'not allowed',
  ENOENT: 'it is not there',
  ENOTDIR: 'a file is in the place of a folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space left',
  EROFS: 'the disk is read-only',
}
