import { parseDesired } from '../../reconciler/definitions/parse-desired.ts'
import { parseManifest } from '../../reconciler/definitions/parse-manifest.ts'
import { parseSettings } from '../../reconciler/definitions/parse-settings.ts'
import { type DesiredFacts, resolveDesired } from '../../reconciler/definitions/resolve-desired.ts'
import { parseStackLock } from '../../reconciler/definitions/stack-lock.ts'
import { gitBlobDigest } from '../../reconciler/lib/digest.ts'
import type { Desired, DesiredStacklet } from '../../reconciler/model/desired.ts'
import type { Digest, Revision } from '../../reconciler/model/names.ts'
import { Secret } from '../../reconciler/model/secret.ts'
import { resolve } from './fake/compose-document.ts'
import { type HostIntent, host, type StackletIntent } from './intent.ts'
import { type Texts, textsOf } from './texts.ts'

export type DesiredOptions = Partial<Omit<HostIntent, 'stacklets'>> &
  Partial<Omit<DesiredFacts, 'secrets'>> & {
    /** What is in the secrets file; by default everything that is to be generated. */
    readonly secrets?: Readonly<Record<string, string>>
    /** desired/stack.lock */
    readonly lock?: string
  }

/** What git says, read from the texts that a person would have written: the real parsers, and the fake Compose. */
export function desired(stacklets: readonly StackletIntent[], options: DesiredOptions = {}): Desired {
  const { prune, maxRemovals, selfHeal, concurrency, domain, secrets = generated(stacklets), lock, ...facts } = options
  const pace = Object.entries({ prune, maxRemovals, selfHeal, concurrency, domain }).filter(
    ([, value]) => value !== undefined,
  )
  const texts = textsOf(host(stacklets, Object.fromEntries(pace)))
  return desiredFrom(lock === undefined ? texts : { ...texts, 'desired/stack.lock': lock }, secrets, facts)
}

function desiredFrom(texts: Texts, secrets: Readonly<Record<string, string>>, facts: Partial<DesiredFacts>): Desired {
  const parts = {
    host: 'box',
    settings: parseSettings(texts['stack.toml'] ?? null, 'stack.toml', '/home/ada'),
    users: { users: [], problems: [] },
    document: parseDesired(texts['desired/desired.toml'] ?? null, 'desired/desired.toml'),
    lock: parseStackLock(texts['desired/stack.lock'] ?? null, 'desired/stack.lock'),
    stacklets: discovered(texts),
  }
  const revision = 'c0ffee10'.repeat(5) as Revision
  const known = { revision, dirty: false, uncommitted: [], approvals: [], address: '192.0.2.7', ...facts }
  const values = Object.entries(secrets).map(([name, text]) => [name, new Secret(text)] as const)
  const resolved = resolveDesired(parts, { ...known, secrets: Object.fromEntries(values) })
  return { ...resolved, stacklets: resolved.stacklets.map(withProject) }
}

function generated(stacklets: readonly StackletIntent[]): Readonly<Record<string, string>> {
  const names = stacklets.flatMap(({ id, generate }) => generate.map((name) => `${id}__${name}`))
  return Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
}

function discovered(texts: Texts) {
  const paths = Object.keys(texts).filter((path) => path.startsWith('stacklets/'))
  const names = [...new Set(paths.map((path) => path.split('/')[1] ?? ''))].sort()
  return names.map((name) => {
    const path = `stacklets/${name}`
    const inside = paths.filter((one) => one.startsWith(`${path}/`))
    const files = inside.map((one) => [one.slice(path.length + 1), blob(texts[one] ?? '')] as const)
    const [manifest = '', compose = null] = [texts[`${path}/stacklet.toml`], texts[`${path}/docker-compose.yml`]]
    const text = texts[`${path}/caddy.snippet`]
    const snippet = text === undefined ? null : { file: `${path}/caddy.snippet`, text, imports: {} }
    const made = { path, directoryName: name, manifest, compose, snippet, files: Object.fromEntries(files) }
    const reading = parseManifest(made)
    return { ...reading, source: { path, directoryName: name } }
  })
}

function blob(text: string): Digest {
  return gitBlobDigest(Buffer.from(text)) as Digest
}

function withProject(wanted: DesiredStacklet): DesiredStacklet {
  const { id, stacklet, env, state, problems } = wanted
  const isBroken = problems.some((problem) => problem.level === 'error')
  if (state === 'absent' || stacklet.compose === null || isBroken) return wanted
  const values = Object.fromEntries(env.values.map(({ name, text }) => [name, text.reveal()]))
  const directory = `/instance/stacklets/${id}`
  const answer = resolve({ id, directory, text: stacklet.compose, values, labels: {}, locked: wanted.locked })
  if (answer.kind === 'resolved') return { ...wanted, project: answer.project }
  throw new Error(`the Compose file of ${id} is refused`)
}
