import type { Front, Site } from '../model/route.ts'

/** Visits sites as a browser would, whatever the name server says: through the proxy of this host. */
export interface SiteProber {
  /** One try. Never throws: whatever goes wrong is the answer's `why`. */
  visit(site: Site, front: Front, signal: AbortSignal): Promise<Visit>
  /** The root certificate that vouches for sites with `tls = "internal"`, as PEM; null where none was made yet. */
  rootCertificate(front: Front, signal: AbortSignal): Promise<string | null>
}

export interface Visit {
  /** Whether the service behind it answered; 503 and 404 pages of ours are no answers. */
  readonly answered: boolean
  /** `answered 503`, `connection refused`. */
  readonly why: string
  /** Of the certificate that was shown; null without TLS. */
  readonly certificate: { readonly fromMs: number; readonly untilMs: number } | null
}
