import { isPlainSecret } from '../conventions/secrets.ts'

/** Whether a value is better kept out of git: by what its name says, or because it looks made by a machine. */
export function isSecretLike(name: string, value: string): boolean {
  return isPlainSecret(name, value) || holdsPassword(value) || looksRandom(value)
}

/** `postgres://user:password@host/db` */
function holdsPassword(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(value)
}

const shortestRandom = 20
/** Words have fewer different letters for their length than what was drawn by chance. */
const randomBits = 3.4

/** One long word of letters and digits mixed. Paths, addresses, versions and sentences are none. */
function looksRandom(value: string): boolean {
  if (value.length < shortestRandom || !/^[A-Za-z0-9+/_=-]+$/.test(value)) return false
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || value.startsWith('/')) return false
  return /^[0-9a-f]{32,}$/i.test(value) || (/[A-Z]/.test(value) && /[a-z]/.test(value) && bitsIn(value) >= randomBits)
}

/** Shannon's entropy, per character. */
function bitsIn(text: string): number {
  const counts = new Map<string, number>()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
