import { onceOnly } from '../../../../reconciler/model/hook.ts'
import { hookLog, type Life } from './life.ts'

/** What is known of hooks at one moment. */
export interface HookRecords {
  /** Once-only hooks that are written down as finished. */
  readonly finished: readonly string[]
  /** How often each began. */
  readonly began: Readonly<Record<string, number>>
}

export async function hookRecords({ host, ids: [app] }: Life): Promise<HookRecords> {
  const [log = '', progress = '', marker = ''] = await Promise.all(
    [hookLog, `.stack/${app}.setup-progress`, `.stack/${app}.setup-done`].map((path) =>
      host.read(path).catch(() => ''),
    ),
  )
  const began: Record<string, number> = {}
  for (const event of log.split('\n').flatMap((line) => line.split(' ')[1] ?? []))
    began[event] = (began[event] ?? 0) + 1
  const finished = marker === '' ? progress.split('\n').filter((line) => line !== '') : onceOnly
  return { finished, began }
}

/** Hooks that ran again although they were finished, or more often than once again. */
export function ranAgain(atDeath: HookRecords, atEnd: HookRecords): readonly string[] {
  return onceOnly.filter((event) => {
    const more = (atEnd.began[event] ?? 0) - (atDeath.began[event] ?? 0)
    return more > (atDeath.finished.includes(event) ? 0 : 1)
  })
}
