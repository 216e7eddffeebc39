/** Grows with a breaking change of any document; every document carries it. */
const version = 1

/** One JSON document, as every `--json` prints it. */
export function document(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ version, ...fields }, null, 2)
}
