/** What a hook is told and may ask: the argument of its `run(ctx)`. The same members under the same names as in Python. */
export interface HookContext {
  readonly stacklet_id: string
  /** The rendered environment, `STACK_DATA_DIR`, `STACK_DOMAIN`, `STACK_ID`, `STACK_INSTANCE` and the same as `FAMSTACK_…`. */
  readonly env: Record<string, string>
  readonly users: readonly StackUser[]
  readonly stack: StackView
  /** One line of progress. */
  step(message: string): void
  warn(message: string): void
  /** Reads a secret: this stacklet's own, else the one for all, else null. */
  secret(name: string): string | null
  /** Writes one of this stacklet's own. It is on disk when this returns. */
  secret(name: string, value: string): string
  /** Reads this stacklet's section of the settings. */
  cfg<Value extends Setting = string>(key: string): Value | null
  cfg<Value extends Setting>(key: string, value: undefined | null, fallback: Value): Value
  cfg<Value extends Setting>(key: string, options: { readonly default: Value }): Value
  /** Writes it, on this host. Answers the value that counts: what stands in stack.toml wins. */
  cfg<Value extends Setting>(key: string, value: Value): Value
  /** Runs a command and answers what it printed, without the last line's end. Rejects with its exit code and stderr. */
  shell(command: string): Promise<string>
  /** Runs a command whose output is seen as it comes. */
  shell_live(command: string): Promise<void>
  /** JSON in and out, within 15 s, no matter who signed the certificate. Rejects with an `HttpError` for any status but 2xx. */
  http_get<Answer = unknown>(url: string, options?: HttpOptions): Promise<Answer>
  /** A text is sent form-encoded, anything else as JSON, unless `content_type` says otherwise. */
  http_post<Answer = unknown>(url: string, body?: unknown, options?: HttpOptions): Promise<Answer>
  http_put<Answer = unknown>(url: string, body?: unknown, options?: HttpOptions): Promise<Answer>
}

export type Setting = string | number | boolean | readonly Setting[]

export interface HttpOptions {
  readonly content_type?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface StackUser {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: 'admin' | 'member' | 'restricted'
  readonly stacklets: readonly string[]
}

/** This instance. */
export interface StackView {
  /** Folder that `stacklets/` lies in. */
  readonly root: string
  /** Folder of everybody's data. */
  readonly data: string
  readonly instance_dir: string
  /** Empty where everything is reached by its port. */
  readonly domain: string
  readonly users: readonly StackUser[]
  /** stack.toml and this host's own settings, table by table. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly secrets: {
    /** The stacklet's own, else the one for all, else null. */
    get(stackletId: string, name: string): string | null
    set(stackletId: string, name: string, value: string): void
  }
  /** Runs `stack <stackletId> <command> …` and answers what it returned; `{ error }` where it failed. */
  run_cli_command(stackletId: string, command: string, ...args: string[]): Promise<CommandResult>
}

export type CommandResult = { readonly error?: string } & Readonly<Record<string, unknown>>
