import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { packageRoot } from './places.ts'

/** The shipped example, as files. */
export interface Example {
  /** By path inside of the package; never a rendered .env. */
  readonly files: Readonly<Record<string, string>>
  /** Changes when any file does. */
  readonly digest: string
}

export const desiredFile = 'desired/desired.toml'
const folders = ['desired', 'stacklets']
const single = ['stack.toml', 'users.toml']

export async function shippedExample(): Promise<Example> {
  const listed = await Promise.all(folders.map(filesUnder))
  const paths = [...listed.flat(), ...single].sort()
  const files: Record<string, string> = {}
  for (const path of paths) files[path] = await readFile(join(packageRoot, path), 'utf8')
  return { files, digest: createHash('sha256').update(JSON.stringify(files)).digest('hex') }
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(packageRoot, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name !== '.env')
    .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot.length + 1))
}

const greeting = /^(GREETING = )"([^"\n]*)"/m

/** What desired.toml has the page say. */
export function greetingIn(desired: string): string {
  return greeting.exec(desired)?.[2] ?? ''
}

/** The same text with another greeting; comments and everything else stay. */
export function withGreeting(desired: string, text: string): string {
  return desired.replace(greeting, (_, key: string) => `${key}${JSON.stringify(text)}`)
}
