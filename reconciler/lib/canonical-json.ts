/** JSON of a plain value, the same whatever the order in which its keys were added. Undefined reads as nothing. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => (isPlainTable(one) ? sorted(one) : one)) ?? ''
}

function isPlainTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(table: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1)))
}
