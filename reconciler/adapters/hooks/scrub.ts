import { type Scrubber, scrubber as scrubberOf } from '../../lib/scrub.ts'
import type { Secret } from '../../model/secret.ts'

/** For what a stacklet's program prints: it was told all of these. */
export function scrubber(secrets: Readonly<Record<string, Secret>>): Scrubber {
  return scrubberOf(Object.values(secrets).map((secret) => secret.reveal()))
}
