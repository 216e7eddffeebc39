import { digest } from '../lib/digest.ts'
import { type ManifestReading, type ManifestText, parseManifest } from './parse-manifest.ts'

/** Far more than one host has; what was forgotten is only read again. */
const most = 10_000

const readings = new Map<string, ManifestReading>()

/**
 * The same as `parseManifest`, and for the same text the same object: a daemon looks at texts that hardly ever change. The answer
 * depends on nothing but the text, so that its digest is all that has to be compared.
 */
export function knownManifest(text: ManifestText): ManifestReading {
  const key = digest(JSON.stringify(text))
  const known = readings.get(key)
  if (known !== undefined) return known
  const reading = parseManifest(text)
  const [oldest] = readings.keys()
  if (readings.size >= most && oldest !== undefined) readings.delete(oldest)
  readings.set(key, reading)
  return reading
}
