import type { Box } from './fake/box.ts'
import { pathOf } from './fake/storage.ts'
import type { ServiceIntent, StackletIntent } from './intent.ts'

/** A person would look for each value in the file. */
export function unmetEnvFile(intent: StackletIntent, box: Box): readonly string[] {
  const text = box.files.get(pathOf('env', intent.id))
  if (text === undefined) return [`${intent.id} has no .env`]
  const lines = text.split('\n').map((line) => line.replaceAll(/["']/g, ''))
  const lacking = wantedValues(intent, box).filter(([name, value]) => !lines.includes(`${name}=${value}`))
  return lacking.map(([name]) => `.env of ${intent.id} has another ${name}`)
}

/** `server:$TAG` with the tag that was declared. */
export function imageOf({ image }: ServiceIntent, { env, override }: StackletIntent): string {
  return image.replace(/\$\{TAG\}/, override['TAG'] ?? env['TAG'] ?? '')
}

/** Every value that a person declared or had generated, by name. */
export function wantedValues(intent: StackletIntent, box: Box): readonly (readonly [string, string | undefined])[] {
  const declared = { ...intent.env, ...intent.override }
  const secrets = intent.generate.map((name) => [name, box.secrets.get(`${intent.id}__${name}`)] as const)
  const wanted = Object.entries(declared).map(([name, text]) => [name, filledIn(text, intent.id, box)] as const)
  return [...wanted, ...secrets]
}

function filledIn(text: string, id: string, box: Box): string {
  const answer = String(box.settings[id]?.['answer'] ?? '')
  return text
    .replace('{admin_password}', box.secrets.get('global__ADMIN_PASSWORD') ?? '')
    .replace(`{${id}_answer}`, answer)
}
