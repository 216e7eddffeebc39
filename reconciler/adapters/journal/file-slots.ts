import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

import type { Slots } from '../../ports/slots.ts'
import { naming, orAbsent } from './file-access.ts'

export interface FileSlotsOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

const Written = z.record(z.string(), z.string())

export function fileSlots({ instance }: FileSlotsOptions): Slots {
  const path = join(instance, '.stack/slots.json')
  const read = async (): Promise<Readonly<Record<string, string>>> => {
    const text = await orAbsent(path, () => readFile(path, 'utf8'))
    return text === null ? {} : slotsIn(text)
  }
  return {
    last: async (name) => (await read())[name] ?? null,
    note: (name, slot) =>
      naming(path, async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeFileAtomic(path, `${JSON.stringify({ ...(await read()), [name]: slot })}\n`, { mode: 0o600 })
      }),
  }
}

function slotsIn(text: string): Readonly<Record<string, string>> {
  try {
    return Written.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    return {}
  }
}
