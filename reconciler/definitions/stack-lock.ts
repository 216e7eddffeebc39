import { z } from 'zod'
import { isDigest, parseImageReference } from '../lib/image-reference.ts'
import type { Lock, LockedImage } from '../model/locked-image.ts'
import type { Problem } from '../model/problem.ts'
import { refuse } from './kinds.ts'
import { inReadingOrder, readToml } from './read-toml.ts'

/** Where it lies in an instance. */
export const lockFile = 'desired/stack.lock'

const ImageText = z.string().transform((text, context) => {
  if (parseImageReference(text) !== null) return text
  return refuse(context, text, 'must be an image such as "postgres:16-alpine"')
})

const TagText = z.string().transform((text, context) => {
  if (/^\w[\w.-]{0,127}$/.test(text)) return text
  return refuse(context, text, 'must be a tag such as "16-alpine"')
})

const DigestText = z.string().transform((text, context) => {
  if (isDigest(text)) return text
  return refuse(context, text, 'must be a digest such as "sha256:…", 64 hex digits', 'let stack update write it')
})

const Line = z.strictObject({ image: ImageText, tag: TagText, digest: DigestText })
const LockToml = z.record(z.string(), z.record(z.string(), Line)).default({})

/** `desired/stack.lock`; without one nothing is locked. A line that cannot be read is an error of the whole: another image must not run in its stead. */
export function parseStackLock(
  text: string | null,
  file: string,
): { readonly lock: Lock; readonly problems: readonly Problem[] } {
  const { value, problems } = readToml(LockToml, text ?? '', file, { unknownKeys: 'error', about: null })
  return { lock: value, problems: inReadingOrder(problems.filter((one) => !isEcho(one, problems))) }
}

/** A value that was complained about is left out, and then missed: that is not a second mistake. */
function isEcho(problem: Problem, all: readonly Problem[]): boolean {
  const isOnItsLine = (other: Problem): boolean => other.code !== 'missing-key' && other.at?.line === problem.at?.line
  return problem.code === 'missing-key' && all.some(isOnItsLine)
}

const header = `# What each service runs: written by \`stack update\`, read by every host. \`git revert\` of one of its
# commits brings back what ran before.
`

/** The file that says this: stacklets and services by name, one line a service, the same text for the same lock. */
export function stackLockText(lock: Lock): string {
  const tables = sorted(lock).filter(([, services]) => Object.keys(services).length > 0)
  const texts = tables.map(([id, services]) => {
    const lines = sorted(services).map(([service, line]) => `${key(service)} = ${lineText(line)}`)
    return `\n[${key(id)}]\n${lines.join('\n')}\n`
  })
  return `${header}${texts.join('')}`
}

function lineText({ image, tag, digest }: LockedImage): string {
  const pairs = Object.entries({ image, tag, digest }).map(([name, text]) => `${name} = ${JSON.stringify(text)}`)
  return `{ ${pairs.join(', ')} }`
}

function sorted<Value>(table: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] {
  return Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1))
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name)
}
