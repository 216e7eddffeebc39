import { digest } from '../lib/digest.ts'
import { envText } from '../lib/env-text.ts'
import type { DesiredStacklet } from '../model/desired.ts'

/** The bytes the stacklet's .env should have. Holds secrets. */
export function envFileText(wanted: DesiredStacklet): string {
  return envText(wanted.env.values.map(({ name, text }) => ({ name, text: text.reveal() })))
}

/** How the file on the disk differs from that, given its digest; null where it does not. */
export function envFileFault(wanted: DesiredStacklet, onDisk: string | null): 'missing' | 'other values' | null {
  if (onDisk === null) return 'missing'
  return wanted.env.missing.length === 0 && onDisk === digest(envFileText(wanted)) ? null : 'other values'
}
