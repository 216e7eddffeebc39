/** The address in `Link: </v2/…?n=100&last=x>; rel="next"`; null where this was the last page. It stays at its registry. */
export function nextPage(header: string | null, from: URL): URL | null {
  for (const link of (header ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    const [, target = '', parameters = ''] = link
    if (!/;\s*rel="?next"?/i.test(parameters) || !URL.canParse(target, from.href)) continue
    const next = new URL(target, from)
    return next.origin === from.origin && next.href !== from.href ? next : null
  }
  return null
}
