/** One line of the table: a job, done by us and by what a user would pick instead. */
export interface Row {
  readonly name: string
  /** What is measured, as a person would type it. */
  readonly ours: string
  readonly peer: string
  /** Makes what both sides need, in an engine that others may use too. */
  setup(ground: Ground): Promise<Contest>
}

/** Each side does the whole job once and throws when it was not done. */
export interface Contest {
  readonly ours: () => Promise<void>
  readonly peer: () => Promise<void>
  /** Removes everything that `setup` and the sides made. Called when they failed, too. */
  readonly cleanUp: () => Promise<void>
}

/** Where a benchmark takes place. */
export interface Ground {
  /** An empty folder, gone afterwards. */
  readonly folder: string
  /** The environment of programs that use the engine: docker with Compose v2 first in PATH. */
  readonly env: NodeJS.ProcessEnv
  /** Part of every name that is made, unlike that of any other run. */
  readonly mark: string
  readonly image: string
  /** Runs a program to its end and answers its stdout; throws when it fails. */
  readonly call: (argv: readonly string[], cwd: string) => Promise<string>
}
