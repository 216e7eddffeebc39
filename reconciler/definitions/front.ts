import type { StackletId } from '../model/names.ts'
import type { Front, Tls } from '../model/route.ts'
import type { Settings } from '../model/settings.ts'

const stagingCa = 'https://acme-staging-v02.api.letsencrypt.org/directory'

/**
 * The proxy as the settings describe it; null in port mode. `stacklet` is the one that says `proxy = true`, `root` the text of
 * `acme_ca_root`.
 */
export function frontOf(
  { core, caddy }: Settings,
  stacklet: StackletId | null,
  root: string | null = null,
): Front | null {
  if (core.domain === '') return null
  return {
    admin: caddy.admin,
    stacklet: caddy.admin === null ? stacklet : null,
    httpPort: caddy.httpPort,
    httpsPort: caddy.httpsPort,
    onlyHttps: core.https,
    acme: { email: caddy.email, ca: caddy.staging ? stagingCa : caddy.acmeCa, root },
  }
}

/** How a person writes where a site is: certificates of our own are for those who ask for them, unless `https = true`. */
export function siteUrl(
  { host, path, tls }: { readonly host: string; readonly path: string; readonly tls: Tls },
  { httpPort, httpsPort, onlyHttps }: Pick<Front, 'httpPort' | 'httpsPort' | 'onlyHttps'>,
): string {
  const isSecure = tls === 'auto' || (tls === 'internal' && onlyHttps)
  const port = isSecure ? httpsPort : httpPort
  const shown = port === (isSecure ? 443 : 80) ? '' : `:${port}`
  return `${isSecure ? 'https' : 'http'}://${host}${shown}${path}`
}
