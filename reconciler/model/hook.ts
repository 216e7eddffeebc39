/** The seven moments of a stacklet's life at which it may act. */
export const hookEvents = [
  'on_configure',
  'on_install',
  'on_start',
  'on_install_success',
  'on_start_ready',
  'on_stop',
  'on_destroy',
] as const
export type HookEvent = (typeof hookEvents)[number]

/** Run once in a stacklet's life on a host, until the marker says that its first run ended well. */
export const onceOnly: readonly HookEvent[] = ['on_configure', 'on_install', 'on_install_success']

/** What is needed to find a hook's processes again after we died. */
export interface StartedHook {
  /** The leader of its process group. */
  readonly pid: number
  /** When that process started, on which boot: its number comes again, this does not. */
  readonly startedAt: string
  /** The value of `STACK_HOOK_MARK` in the environment of everything it starts. */
  readonly mark: string
}
