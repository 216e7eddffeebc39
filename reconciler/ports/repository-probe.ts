/** The git repository of an instance, looked at for disorder. Changes nothing; what is wrong is an answer, never a throw. */
export interface RepositoryProbe {
  look(question: RepositoryQuestion, signal: AbortSignal): Promise<RepositoryCondition>
}

export interface RepositoryQuestion {
  /** `[git]` of stack.toml. */
  readonly remote: string | null
  readonly branch: string | null
  /** Paths, relative to the instance, that git should ignore. */
  readonly ignored: readonly string[]
}

export interface RepositoryCondition {
  /** broken: git does not read it, as `problem` says. */
  readonly state: 'none' | 'empty' | 'committed' | 'broken'
  readonly problem: { readonly message: string; readonly hint: string } | null
  readonly person: { readonly name: string; readonly email: string } | null
  readonly headAtMs: number | null
  /** A lock file of git's, absolute, and since when it has been there. */
  readonly lock: { readonly path: string; readonly sinceMs: number } | null
  /** Of the asked paths those that git does not ignore. */
  readonly notIgnored: readonly string[]
  /** What must not be in git and is: files of `.stack/`, `.env` of stacklets. */
  readonly tracked: readonly string[]
  /** Null where there is none. `failure` is git's reason, without passwords. */
  readonly remote: { readonly name: string; readonly failure: string | null } | null
}
