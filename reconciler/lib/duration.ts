const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const shape = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw])\s*)+$/

/** Milliseconds in `90s`, `5m`, `1h30m`, `3d` or `0s`; null for anything else. */
export function parseDuration(text: string): number | null {
  const written = text.trim()
  if (!shape.test(written)) return null
  let total = 0
  for (const [, amount, unit] of written.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN)
  }
  const rounded = Math.round(total)
  return Number.isSafeInteger(rounded) ? rounded : null
}
