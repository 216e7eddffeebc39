import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import { hookFiles } from '../../lib/hook-files.ts'
import { StackError } from '../../model/errors.ts'
import type { HookRequest } from '../../ports/hook-host.ts'

/** Refuses a hook that lies there in two kinds: nobody could say which one is meant. */
export async function mustBeOneKind({ id, event, file }: HookRequest): Promise<void> {
  const names = await readdir(dirname(file)).catch(() => [])
  const kinds = hookFiles(
    event,
    names.map((name) => `hooks/${name}`),
  )
  if (kinds.length < 2) return
  throw new StackError('STACK_INVALID', `${event} of ${id} is there more than once: ${kinds.join(' and ')}`, {
    hint: 'keep one of them',
    terminal: true,
  })
}
