import { stripVTControlCharacters } from 'node:util'
import type { ServiceLine } from '../../reconciler/index.ts'
import type { Style, Terminal } from '../terminal.ts'

const colours: readonly Style[] = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red']

export interface LogPrinter {
  readonly onServices: (names: readonly string[]) => void
  readonly onLine: (line: ServiceLine) => void
  readonly isSilent: () => boolean
  /** True when nobody was there who could have said something. */
  readonly isAlone: () => boolean
}

/** Every line behind the name of its service, in that service's colour: what came on stdout to stdout, the rest to stderr. */
export function logPrinter({ print, tell, paint, isPlain }: Terminal): LogPrinter {
  const known: string[] = []
  let width = 0
  let isSilent = true
  return {
    onServices(names) {
      known.push(...names.filter((name) => !known.includes(name)))
      width = Math.max(0, ...known.map((name) => name.length))
    },
    onLine({ service, stream, text }) {
      isSilent = false
      const colour = colours[Math.max(0, known.indexOf(service)) % colours.length] ?? 'cyan'
      const said = isPlain ? stripVTControlCharacters(text).replaceAll('\r', '') : text
      const line = `${paint(colour, `${service.padEnd(width)} |`)} ${said}`
      if (stream === 'stdout') print(line)
      else tell(line)
    },
    isSilent: () => isSilent,
    isAlone: () => known.length === 0,
  }
}
