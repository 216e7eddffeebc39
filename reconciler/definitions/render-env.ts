import type { EnvValue, RenderedEnv } from '../model/desired.ts'
import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Stacklet, Template } from '../model/stacklet.ts'
import { renderText } from './render-text.ts'
import { secretVariable, type Variables } from './variables.ts'

export interface EnvParts {
  readonly stacklet: Stacklet
  /** desired.toml's, over the manifest's defaults. */
  readonly overrides: Readonly<Record<string, Template>>
  readonly variables: Variables
  readonly secrets: Readonly<Record<string, Secret>>
  readonly isDomainMode: boolean
}

/** The environment: defaults, then desired.toml's, then what is generated, then what the host decides. */
export function renderEnv(parts: EnvParts): { readonly env: RenderedEnv; readonly problems: readonly Problem[] } {
  const { stacklet, overrides, variables } = parts
  const written = Object.entries({ ...stacklet.env.defaults, ...overrides })
  const rendered = written.map(([name, template]) => ({ name, ...renderText(template, variables, stacklet.id) }))
  const generated = stacklet.env.generate.map((name) => generatedValue(name, parts))
  const decided = hostValues(parts.isDomainMode)
  const values = new Map([...rendered, ...generated, ...decided].map((one) => [one.name, one]))
  const missing = [...rendered, ...generated].flatMap((one) => one.missing)
  const overruling = [...generated, ...decided].map((one) => one.name)
  return {
    env: { values: [...values.values()].map(envValue).sort(byName), missing: [...new Set(missing)].sort() },
    problems: [...rendered.flatMap((one) => one.problems), ...explainOverruled(stacklet, overrides, overruling)],
  }
}

interface Value {
  readonly name: string
  readonly text: string
  readonly isSecret: boolean
}

function generatedValue(
  name: string,
  { secrets, stacklet }: EnvParts,
): Value & { readonly missing: readonly string[] } {
  const { text, missing } = secretVariable(secrets, stacklet.id, name)
  return { name, text, isSecret: true, missing: missing === null ? [] : [missing] }
}

/** This program updates images itself; a second updater would fight it. */
function hostValues(isDomainMode: boolean): readonly Value[] {
  return [
    { name: 'PORT_BIND_IP', text: isDomainMode ? '127.0.0.1' : '0.0.0.0', isSecret: false },
    { name: 'WATCHTOWER_ENABLE', text: 'false', isSecret: false },
  ]
}

function envValue({ name, text, isSecret }: Value): EnvValue {
  return { name, text: new Secret(text), isSecret }
}

function explainOverruled(
  stacklet: Stacklet,
  overrides: Readonly<Record<string, Template>>,
  overruling: readonly string[],
): readonly Problem[] {
  return Object.entries(overrides)
    .filter(([name]) => overruling.includes(name))
    .map(([name, { at }]) => ({
      level: 'warning',
      code: 'value',
      message: `${name} of ${stacklet.id} is decided elsewhere: this value is not used`,
      hint: stacklet.env.generate.includes(name) ? `run stack secrets set ${stacklet.id}__${name}` : 'take it out',
      at,
      about: stacklet.id,
    }))
}

function byName(a: EnvValue, b: EnvValue): number {
  return a.name < b.name ? -1 : 1
}
