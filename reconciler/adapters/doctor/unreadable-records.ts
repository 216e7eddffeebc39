import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { namesIn } from './staged-files.ts'

/** Paths of records that are no JSON, relative to the instance. The ledger and the memory are not among them: every run reads those. */
export async function unreadableRecords(instance: string): Promise<readonly string[]> {
  const inFolder = async (folder: string, pathOf: (name: string) => string) =>
    (await namesIn(join(instance, folder))).map((name) => `${folder}/${pathOf(name)}`)
  const whole = [
    ...['.stack/last-run', '.stack/slots.json'],
    ...(await inFolder('.stack/standing', (name) => name)).filter((path) => path.endsWith('.json')),
    ...(await inFolder('.stack/good', (name) => `${name}/version.json`)),
  ]
  const lined = (await inFolder('.stack/journal', (name) => name)).filter((path) => path.endsWith('.jsonl'))
  const broken = await Promise.all([
    ...whole.map(async (path) => (isRecord((await textAt(instance, path)) ?? '{}') ? [] : [path])),
    ...lined.map(async (path) => (linesIn((await textAt(instance, path)) ?? '').every(isRecord) ? [] : [path])),
  ])
  return broken.flat()
}

/** Null where there is none, or where it cannot be read: `state` tells of that. */
function textAt(instance: string, path: string): Promise<string | null> {
  return readFile(join(instance, path), 'utf8').catch(() => null)
}

function linesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}

function isRecord(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
