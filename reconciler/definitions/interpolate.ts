const variable =
  /\$(?:\$|\{(?<braced>[A-Za-z_]\w*)(?<how>:?[-?+])?(?<rest>(?:\$\{[^}]*\}|[^}])*)\}|(?<bare>[A-Za-z_]\w*))/g

interface Found {
  readonly braced?: string
  readonly how?: string
  readonly rest?: string
  readonly bare?: string
}

type Lookup = (name: string) => string | null

/** A text of a Compose file with its `$NAME` and `${NAME:-default}` filled in; what is not set is empty. */
export function interpolate(text: string, lookup: Lookup): string {
  return text.replaceAll(variable, (whole, ...groups) =>
    whole === '$$' ? '$' : substitute(groups.at(-1) as Found, lookup),
  )
}

function substitute({ braced, how = '', rest = '', bare }: Found, lookup: Lookup): string {
  const value = lookup(braced ?? bare ?? '')
  const isSet = value !== null && (value !== '' || !how.startsWith(':'))
  if (how.endsWith('+')) return isSet ? interpolate(rest, lookup) : ''
  if (isSet) return value
  return how.endsWith('-') ? interpolate(rest, lookup) : ''
}
