import { readFileSync } from 'node:fs'

export const engineVersions = ['20.10', '26.1'] as const
export type EngineVersion = (typeof engineVersions)[number]

/** What an engine told while something was done: the lines of its stream, and how that broke, if it did. */
export interface Told {
  readonly title: string
  readonly lines: readonly string[]
  readonly broke: string | null
}

/** Recorded from that engine. Ids are shortened, and of the attributes those are kept that somebody reads. */
export function toldBy(version: EngineVersion): readonly Told[] {
  const text = readFileSync(new URL(`./told/${version}.txt`, import.meta.url), 'utf8')
  return text
    .split(/^# /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...rest] = part.trimEnd().split('\n')
      const broke = rest.find((line) => line.startsWith('! '))
      return { title, lines: rest.filter((line) => line.startsWith('{')), broke: broke?.slice(2) ?? null }
    })
}

export function told(version: EngineVersion, title: string): Told {
  const found = toldBy(version).find((one) => one.title === title)
  if (found === undefined) throw new Error(`nothing was recorded of "${title}"`)
  return found
}
