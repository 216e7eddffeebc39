import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { parse } from 'smol-toml'

import type { StackletId } from '../../model/names.ts'
import type { CommandGreeting } from './greeting.ts'

export interface CommandCall {
  readonly id: StackletId
  readonly command: string
  readonly args: readonly string[]
  readonly isCalled: boolean
}

/** What a command gets beside the context: its words, and its own manifest as written. */
export async function commandGreeting(
  { id, command, args, isCalled }: CommandCall,
  { root, instance }: { readonly root: string; readonly instance: string },
): Promise<CommandGreeting> {
  const path = join(root, 'stacklets', id)
  const manifest = await manifestOf(path)
  const isSetUp = await stat(join(instance, `.stack/${id}.setup-done`)).then(
    () => true,
    () => false,
  )
  return { name: command, args, isCalled, manifest, stacklet: { ...manifest, id, path, enabled: isSetUp, manifest } }
}

/** A command may be what mends a broken manifest. */
async function manifestOf(directory: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(join(directory, 'stacklet.toml'), 'utf8').catch(() => '')
  try {
    return parse(text)
  } catch {
    return {}
  }
}
