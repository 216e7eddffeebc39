import { execFile } from 'node:child_process'

/** Tells the service manager that started us, where one did and asks for it. Without one, nothing. */
export function tellSystemd(word: '--ready' | '--stopping', env: Readonly<Record<string, string | undefined>>): void {
  if (!env['NOTIFY_SOCKET']) return
  // What a manager does not hear it finds out by itself: nobody is helped by a daemon that ends for it.
  execFile('systemd-notify', [word], { env: { ...env } }, () => {})
}
