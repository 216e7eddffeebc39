import { execFile } from 'node:child_process'

import type { RunReport } from '../reconciler/index.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Tells the service manager that started us, where one did and asks for it: that we are ready when the first run is over, and
 * from then on, for `systemctl status`, how the last one ended.
 */
export function systemdTold(env: Env): (report: RunReport | null) => void {
  let last = ''
  return (report) => {
    const status = statusOf(report)
    if (!env['NOTIFY_SOCKET'] || status === last) return
    const words = [...(last === '' ? ['--ready'] : []), `--status=${status}`]
    last = status
    // What a manager does not hear it finds out by itself: nobody is helped by a daemon that ends for it.
    execFile('systemd-notify', words, { env: { ...env } }, () => {})
  }
}

function statusOf(report: RunReport | null): string {
  if (report === null) return 'no run could begin: see the log'
  const at = report.revision === null ? 'before the first commit' : `at ${report.revision.slice(0, 7)}`
  const { kind } = report.outcome
  return kind === 'converged' ? `everything is as declared ${at}` : `${kind} ${at}: stack status says why`
}
