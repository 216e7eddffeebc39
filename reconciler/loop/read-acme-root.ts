import type { SettingsReading } from '../definitions/parse-settings.ts'
import type { SourceTree } from '../ports/instance-source.ts'
import { type ReadText, readText } from './read-text.ts'

/** The root that `[caddy] acme_ca_root` names, as PEM. One that is no certificate would keep Caddy from starting: it is a complaint. */
export async function readAcmeRoot(tree: SourceTree, { settings, acmeRootAt }: SettingsReading): Promise<ReadText> {
  const path = settings.caddy.acmeCaRoot
  if (path === null) return { text: null, problems: [] }
  const { text, problems } = await readText(tree, path, null)
  if (problems.length > 0 || (text !== null && certificate.test(text))) return { text, problems }
  const what = text === null ? 'which there is none of' : 'which is no certificate'
  const message = `caddy.acme_ca_root names ${path}, ${what}`
  const hint = `commit the root of that authority there, as PEM: it begins with ${begin}`
  return { text: null, problems: [{ level: 'error', code: 'value', message, hint, at: acmeRootAt, about: null }] }
}

const begin = '-----BEGIN CERTIFICATE-----'
const certificate = new RegExp(`^${begin}\\s[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----`, 'm')
