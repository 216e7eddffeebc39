import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'

import type { StackletId } from '../../../reconciler/model/names.ts'
import { type HookFolder, withFolder as it } from './hook-folder.ts'
import { isThere, nap } from './processes.ts'

async function say(words: string, { host, context }: HookFolder, timeoutMs = 10_000): Promise<readonly string[]> {
  const lines: string[] = []
  const request = { id: 'photos' as StackletId, words, context, timeoutMs, onLine: (line: string) => lines.push(line) }
  await host.runWords(request, new AbortController().signal)
  return lines
}

describe.concurrent("the words that start a host's service", () => {
  it('run in bash with the environment of a hook, without its secrets in what they print', async ({
    folder,
    expect,
  }) => {
    expect(await say('echo "$PHOTOS_PORT"; for n in {1..2}; do echo "$n"; done; echo photos-key-1', folder)).toEqual([
      '42010',
      '1',
      '2',
      '***',
    ])
  })

  it('are no argument of any process', async ({ folder, expect }) => {
    const words = 'password=top-secret; tr "\\0" " " < /proc/$$/cmdline'

    expect((await say(words, folder)).join('')).not.toContain('top-secret')
  })

  it('leave running what they start, which may go on printing', async ({ folder, expect }) => {
    const log = join(folder.root, '.stack/services/photos.log')
    const [pid] = await say('(while sleep 0.1; do echo tick; done) & echo $!', folder)

    await sleep(500)
    process.kill(Number(pid), 0)
    process.kill(Number(pid))

    expect(readFileSync(log, 'utf8')).toMatch(/tick\ntick/)
    expect(statSync(log).mode & 0o777).toBe(0o600)
  })

  it('leave nothing when they fail or take too long', async ({ folder, expect }) => {
    const failed = { code: 'STACK_HOOK_FAILED', message: 'a command of photos failed: no port (exit 3)' }

    await expect(say(`${nap(11)} & echo no port; exit 3`, folder)).rejects.toMatchObject(failed)
    await expect(say(`${nap(12)} & wait`, folder, 300)).rejects.toMatchObject({ code: 'STACK_TIMED_OUT' })

    expect(isThere(nap(11))).toBe(false)
    expect(isThere(nap(12))).toBe(false)
  })
})
