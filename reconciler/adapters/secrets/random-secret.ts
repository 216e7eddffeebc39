import { randomInt } from 'node:crypto'

import type { WantedSecret } from '../../ports/secret-store.ts'

const lowerCase = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'

/** Every character equally likely: randomInt rejects instead of wrapping round. */
export function randomSecret(shape: WantedSecret['shape']): string {
  return shape === 'service' ? pick(32, lowerCase + lowerCase.toUpperCase() + digits) : pick(8, lowerCase + digits)
}

function pick(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
