import { isPlainSecret } from '../conventions/secrets.ts'
import type { EnvPlace } from './compose-places.ts'
import { isSecretLike } from './secret-like.ts'
import type { TextNode } from './yaml-nodes.ts'

/** An env file of the project that is copied, and what Compose reads in it. */
export interface EnvFile {
  /** In the stacklet. */
  readonly path: string
  readonly text: string
  readonly variables: Readonly<Record<string, string>>
}

export interface EnvFacts {
  /** The whole Compose file. */
  readonly text: string
  readonly places: readonly EnvPlace[]
  /** What its variables are filled in from. */
  readonly values: Readonly<Record<string, string>>
  readonly envFiles: readonly EnvFile[]
  readonly filledIn: (text: string) => string
}

/** Values parted into what git may know and what it may not. */
export interface Lifted {
  readonly secrets: ReadonlyMap<string, string>
  readonly defaults: ReadonlyMap<string, string>
  readonly edits: readonly TextNode[]
  /** By path in the stacklet. */
  readonly envFiles: ReadonlyMap<string, string>
}

/** Takes what looks secret out of the texts that are to be committed: a variable stands in its place. */
export function liftSecrets(facts: EnvFacts): Lifted {
  const { values } = facts
  const secrets = new Map(Object.entries(values).filter(([name, value]) => isSecretLike(name, value)))
  for (const name of facts.places.flatMap((place) => secretVariables(place, values)))
    secrets.set(name, values[name] ?? '')
  const naming = { facts, secrets }
  const edits = facts.places.flatMap((place) => liftedPlace(place, naming))
  const envFiles = facts.envFiles.map((file) => [file.path, withoutSecrets(file, naming)] as const)
  const defaults = Object.entries(values).filter(([name]) => !secrets.has(name))
  return { secrets, defaults: new Map(defaults), edits, envFiles: new Map(envFiles) }
}

const variable = /\$\{?([A-Za-z_]\w*)/g

function mentioned(text: string): readonly string[] {
  return [...text.replaceAll('$$', '').matchAll(variable)].map(([, name = '']) => name)
}

/** `PASSWORD: ${PW}` says of PW what its own name does not. */
function secretVariables({ name, text }: EnvPlace, values: EnvFacts['values']): readonly string[] {
  return mentioned(text).filter((one) => isPlainSecret(name, values[one] ?? ''))
}

interface Naming {
  readonly facts: EnvFacts
  readonly secrets: Map<string, string>
}

/** A value that is written out, alone or as the default of a variable that nothing sets. */
function liftedPlace(place: EnvPlace, naming: Naming): readonly TextNode[] {
  const { name, text, service, at, before } = place
  const { values, filledIn } = naming.facts
  const used = mentioned(text)
  const isOpen = used.length === 0 || used.every((one) => values[one] === undefined)
  const value = filledIn(text)
  if (!isOpen || !isSecretLike(name, value)) return []
  const variable = lift(name, value, service, naming)
  return [{ ...at, text: `${before}\${${variable}}` }]
}

/** Notes a secret and answers the variable it is under: its own name, or one with its owner's where that means something else. */
function lift(name: string, value: string, owner: string, { facts, secrets }: Naming): string {
  const own = name.replace(/\W/g, '_')
  const prefix = owner
    .toUpperCase()
    .replace(/\W/g, '_')
    .replace(/^(?=\d)/, '_')
  const used = new Set(mentioned(facts.text))
  const known = (one: string): string | undefined => secrets.get(one) ?? facts.values[one]
  const isFree = (one: string): boolean => known(one) === value || (known(one) === undefined && !used.has(one))
  let free = /^\d/.test(own) ? `_${own}` : own
  for (let count = 1; !isFree(free); count += 1) free = `${prefix}_${own}${count === 1 ? '' : `_${count}`}`
  secrets.set(free, value)
  return free
}

/** Compose fills in variables in an env file, too. */
function withoutSecrets({ path, text, variables }: EnvFile, naming: Naming): string {
  const owner = path.replace(/^.*\//, '').replace(/^\.+|\.env$/g, '')
  const lifted = new Map<string, string>()
  for (const [name, value] of Object.entries(variables)) {
    if (isSecretLike(name, value)) lifted.set(name, lift(name, value, owner, naming))
  }
  const lines = text.split('\n').map((line) => {
    const [, comment = '', name = ''] = /^\s*(#*)\s*(?:export\s+)?([\w.-]+)\s*[=:]/.exec(line) ?? []
    if (comment !== '') return isPlainSecret(name, line.replace(/^[^=:]*[=:]/, '')) ? `# ${name}=` : line
    const variable = lifted.get(name)
    return variable === undefined ? line : `${name}=\${${variable}}`
  })
  return lines.join('\n')
}
