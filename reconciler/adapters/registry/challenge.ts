/** What a registry wants before it answers. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer'
      readonly realm: string
      readonly service: string | null
      readonly scope: string | null
    }

/** Reads `WWW-Authenticate`. Null where it asks for nothing that we know. */
export function readChallenge(header: string | null): Challenge | null {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? '') ?? []
  const words = parameters(rest)
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' }
  const realm = words.get('realm')
  if (scheme.toLowerCase() !== 'bearer' || realm === undefined) return null
  return { scheme: 'bearer', realm, service: words.get('service') ?? null, scope: words.get('scope') ?? null }
}

function parameters(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)
  return new Map(
    [...found].map(([, name = '', quoted, plain = '']) => [
      name.toLowerCase(),
      (quoted ?? plain).replaceAll(/\\(.)/g, '$1'),
    ]),
  )
}

/** Where a token for this scope is to be had. */
export function tokenAddress({ realm, service }: Extract<Challenge, { scheme: 'bearer' }>, scope: string): URL | null {
  if (!URL.canParse(realm)) return null
  const url = new URL(realm)
  if (service !== null) url.searchParams.set('service', service)
  url.searchParams.set('scope', scope)
  return url
}
