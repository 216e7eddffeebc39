import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Endpoint } from '../reconciler/adapters/docker/endpoint.ts'

/** What the demo has to remember about its copy, for the next call and for --stop. */
export interface CopyState {
  /** Of the shipped example that was copied. */
  readonly example: string
  readonly endpoint: Endpoint
  /** The Compose project of hello, and what its container's name begins with. */
  readonly project: string
  readonly port: number
  /** The image came with the demo, so it goes with it. */
  readonly broughtImage: boolean
}

/** Lies in the copy, where git ignores it. */
const file = 'demo.json'

/** Null where there is no copy, or one that was cut short before its first commit. */
export async function readState(copy: string): Promise<CopyState | null> {
  const text = await readFile(join(copy, file), 'utf8').catch(() => '')
  return text === '' ? null : (JSON.parse(text) as CopyState)
}

export function writeState(copy: string, state: CopyState): Promise<void> {
  return writeFile(join(copy, file), `${JSON.stringify(state, null, 2)}\n`)
}
