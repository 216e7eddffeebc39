import type { RenderedEnv } from '../../reconciler/index.ts'
import { document } from './json.ts'

/** The environment, a line a name. Secrets are `***` unless a person asked for them. */
export function envLines(env: RenderedEnv, showSecrets: boolean): readonly string[] {
  return Object.entries(shown(env, showSecrets)).map(([name, text]) => `${name}=${text}`)
}

export function envDocument(id: string, env: RenderedEnv, showSecrets: boolean): string {
  return document({ id, env: shown(env, showSecrets) })
}

function shown({ values }: RenderedEnv, showSecrets: boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((one) => [one.name, one.isSecret && !showSecrets ? '***' : one.text.reveal()]))
}
