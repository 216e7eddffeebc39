import { chmod, constants, copyFile, mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { orAbsent } from './file-access.ts'

/** Copies `.famstack/` into `.stack/`, secrets for our eyes only; what is there already stays, and its path is answered. */
export async function takeState(folder: string): Promise<readonly string[]> {
  return copyInto(join(folder, '.famstack'), join(folder, '.stack'), '')
}

async function copyInto(from: string, to: string, below: string): Promise<readonly string[]> {
  const entries = await orAbsent(() => readdir(join(from, below), { withFileTypes: true }))
  const kept: string[] = []
  for (const entry of entries ?? []) {
    const path = join(below, entry.name)
    if (entry.isDirectory()) {
      await mkdir(join(to, path), { recursive: true, mode: 0o700 })
      kept.push(...(await copyInto(from, to, path)))
    }
    if (entry.isFile() && !(await copyOne(join(from, path), join(to, path)))) kept.push(path)
  }
  return kept
}

async function copyOne(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  if (basename(to) === 'secrets.toml') await chmod(to, 0o600)
  return true
}
