/** One line of the table: a job, done by us and by what a user would pick instead. */
export interface Row {
  /** What `--only` takes. */
  readonly key: string
  readonly name: string
  /** The most that ours may cost, in parts of each of these others; as the table shows it. */
  readonly goals: readonly Goal[]
  /** Makes what all sides need, in an engine that others may use too. */
  setup(ground: Ground): Promise<Contest>
}

export interface Goal {
  readonly side: string
  readonly atMost: number
}

/** The first side is ours. */
export interface Contest {
  readonly sides: readonly Side[]
  /** Removes everything that `setup` and the sides made. Called when they failed, too. */
  readonly cleanUp: () => Promise<void>
}

export interface Side {
  /** What is measured, as a person would say it. */
  readonly name: string
  /** What has to be so before it begins; not measured. */
  readonly prepare?: () => Promise<void>
  /** Does the whole job once and throws when it was not done. One that answers a number has measured its milliseconds itself. */
  readonly work: () => Promise<unknown>
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
  /** Where the engine listens on this machine. */
  readonly socket: string
  /** How many stacklets the rows have that do not say it themselves. */
  readonly count: number
  /** Runs a program to its end and answers its stdout; throws when it fails. */
  readonly call: (argv: readonly string[], cwd: string) => Promise<string>
}
