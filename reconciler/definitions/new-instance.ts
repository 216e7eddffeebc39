import type { DesiredState } from '../model/desired.ts'

/** The texts of a new instance's own files, as a person would want to find them. */

export interface Answers {
  readonly dataDir: string
  readonly domain: string
  readonly timezone: string
}

export function settingsText({ dataDir, domain, timezone }: Answers): string {
  return `# Settings of this instance. Stacklets get them as variables: {data_dir}, {timezone}, {language}, {domain}.

[core]
${line(`domain = ${quoted(domain)}`, 'empty: services answer on their own ports; "home.internal": on names below it')}
${line(`data_dir = ${quoted(dataDir)}`, 'stacklets keep their data in {data_dir}/<id>')}
timezone = ${quoted(timezone)}
language = "en"
`
}

export function usersText(person: { readonly name: string; readonly email: string } | null): string {
  const head = '# Who uses the services of this host. Only who they are: passwords are generated and stay out of git.\n'
  const role = 'role = "admin"                   # admin | member | restricted'
  if (person === null) {
    const example = ['[[users]]', 'name = "Ada"', 'email = "ada@home.internal"', role]
    return `${head}\n${example.map((text) => `# ${text}\n`).join('')}`
  }
  return `${head}\n[[users]]\nname = ${quoted(person.name)}\nemail = ${quoted(person.email)}\n${role}\n`
}

export interface Listed {
  readonly id: string
  readonly state: DesiredState
  /** Why it is listed so, where that is not plain. */
  readonly note: string | null
}

export function desiredText(stacklets: readonly Listed[]): string {
  const entries = stacklets.map(({ id, state, note }) => {
    const says =
      state === 'running' && note === null ? [] : [note === null ? stateLine(state) : line(stateLine(state), note)]
    return `\n${[`[stacklets.${id}]`, ...says].join('\n')}\n`
  })
  return `# What must be true on this host. Edit, commit, then \`stack plan\` and \`stack reconcile\`.
# A stacklet runs because it is listed; state = "running" | "stopped" | "paused" | "absent".
${entries.join('')}`
}

function stateLine(state: DesiredState): string {
  return `state = "${state}"`
}

/** What must never be committed. `.famstack/` is the state of the original system. */
export function ignoredPaths(dataInside: string | null, hasOriginalState: boolean): readonly string[] {
  return [
    '.stack/',
    '.env',
    ...(hasOriginalState ? ['.famstack/'] : []),
    ...(dataInside === null || dataInside === '' ? [] : [`/${dataInside}/`]),
  ]
}

/** The text with what is missing at its end; null when nothing is. */
export function gitignoreText(text: string | null, wanted: readonly string[]): string | null {
  const lines = (text ?? '').split('\n').map(bare)
  const missing = wanted.filter((path) => !lines.includes(bare(path)))
  if (missing.length === 0) return null
  const before = text === null || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`
  return `${before}${missing.join('\n')}\n`
}

/** `/.stack/` and `.stack` are one to us. */
function bare(path: string): string {
  return path.trim().replace(/^\//, '').replace(/\/$/, '')
}

function line(text: string, comment: string): string {
  return `${text.padEnd(32)} # ${comment}`
}

/** A basic string of TOML, which escapes as JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
