import { stripVTControlCharacters } from 'node:util'

const headerBytes = 8

/**
 * Lines from a container's log as the engine sends it: framed by 8-byte headers (stream, three zeros, length), or raw when
 * the container has a terminal. Colours and control characters are taken out.
 */
export function plainLines(bytes: Buffer): readonly string[] {
  const text = isFramed(bytes) ? unframed(bytes) : bytes.toString('utf8')
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .filter((line) => line !== '')
}

function isFramed(bytes: Buffer): boolean {
  const stream = bytes[0] ?? 0xff
  return bytes.length >= headerBytes && stream <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0
}

function unframed(bytes: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4)
    parts.push(bytes.subarray(at + headerBytes, at + headerBytes + length))
    at += headerBytes + length
  }
  return Buffer.concat(parts).toString('utf8')
}
