import { createHash } from 'node:crypto'

/** SHA-256 of a text, 64 hex digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Digest of a map that does not depend on the order in which its keys were added. */
export function digestOf(record: Readonly<Record<string, string>>): string {
  const lines = Object.keys(record)
    .sort()
    .map((key) => JSON.stringify([key, record[key]]))
  return digest(lines.join('\n'))
}

/** The name git gives a file with these bytes: SHA-1 over `blob <length>\0` and the bytes. */
export function gitBlobDigest(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}
