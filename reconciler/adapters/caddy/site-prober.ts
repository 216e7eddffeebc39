import { request as askPlain, type IncomingMessage } from 'node:http'
import { request as askSecure } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'

import type { Front, Site } from '../../model/route.ts'
import type { SiteProber, Visit } from '../../ports/site-prober.ts'
import { adminPlace, askAdmin } from './ask-admin.ts'
import { pageHeader } from './pages.ts'

const visitMs = 5_000

/** Visits sites through the proxy's ports on this host. */
export function siteProber({ instance }: { readonly instance: string }): SiteProber {
  const socket = join(instance, '.stack', 'caddy', 'admin.sock')
  return {
    visit: (site, front, signal) =>
      visit(site, front, AbortSignal.any([signal, AbortSignal.timeout(visitMs)])).catch(
        (error: NodeJS.ErrnoException): Visit => ({ answered: false, why: reason(error), certificate: null }),
      ),
    async rootCertificate({ admin }, signal) {
      const place = admin === null ? ({ kind: 'socket', path: socket } as const) : adminPlace(admin)
      const { status, text } = await askAdmin(place, { method: 'GET', path: '/pki/ca/local' }, signal)
      if (status !== 200) return null
      const { root_certificate } = JSON.parse(text) as { readonly root_certificate?: string }
      return root_certificate ?? null
    },
  }
}

function visit({ host, path, tls }: Site, { httpPort, httpsPort }: Front, signal: AbortSignal): Promise<Visit> {
  const words = { host: '127.0.0.1', path: `${path}/`, method: 'GET', agent: false as const, signal }
  const headers = { Host: host, Connection: 'close' }
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => {
      resolve({ ...judge(response), certificate: tls === 'off' ? null : certificateOf(response.socket as TLSSocket) })
      response.destroy()
    }
    const asked =
      tls === 'off'
        ? askPlain({ ...words, port: httpPort, headers }, take)
        : askSecure({ ...words, port: httpsPort, headers, servername: host, rejectUnauthorized: false }, take)
    asked.on('error', reject)
    asked.end()
  })
}

/** Whatever a service says is an answer of it; pages of ours are none. */
function judge({ statusCode = 0, headers }: IncomingMessage): Pick<Visit, 'answered' | 'why'> {
  const mark = headers[pageHeader.toLowerCase()]
  if (mark === 'down') return { answered: false, why: 'it is not running' }
  if (mark === 'unknown') return { answered: false, why: 'the proxy does not know it' }
  return { answered: true, why: `answered ${statusCode}` }
}

function certificateOf(socket: TLSSocket): Visit['certificate'] {
  const { valid_from, valid_to } = socket.getPeerCertificate()
  return valid_to === undefined ? null : { fromMs: Date.parse(valid_from), untilMs: Date.parse(valid_to) }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed before an answer came',
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: 'there is no certificate for it',
  EPROTO: 'there is no certificate for it',
}

function reason({ code = '', name }: NodeJS.ErrnoException): string {
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time'
  return reasons[code] ?? (code || 'the connection failed')
}
