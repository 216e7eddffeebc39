import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'

import { packageRoot } from '../demo/places.ts'
import { readFlags, usage } from './flags.ts'
import { rentGround } from './ground.ts'
import { describeMachine } from './machine.ts'
import { type Measured, measure } from './measure.ts'
import { plot, type Series } from './plot.ts'
import type { Row } from './row.ts'
import { cold } from './rows/cold.ts'
import { killed } from './rows/killed.ts'
import { nothingToDo } from './rows/nothing-to-do.ts'
import { oneChange } from './rows/one-change.ts'
import { starting } from './rows/starting.ts'
import { scale } from './scale.ts'
import { scaleTable } from './scale-table.ts'
import { resultsTable } from './table.ts'

const rows: readonly Row[] = [
  starting('help', ['--help'], 1.5),
  starting('version', ['version'], 3),
  nothingToDo,
  oneChange,
  cold,
  killed,
]

if (process.argv.includes('--help')) process.stdout.write(`${usage}\n`)
else await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<void> {
  const { only, count, rounds } = readFlags(argv)
  const isWanted = (key: string) => only.length === 0 || only.includes(key)
  const ground = await rentGround(count, say)
  try {
    const machine = [...(await describeMachine(ground)), `load average at the start ${loadavg()[0]?.toFixed(1)}`]
    const results: Measured[] = []
    for (const row of rows.filter(({ key }) => isWanted(key))) {
      say(row.name)
      results.push(await measure(row, ground, rounds))
    }
    const series = isWanted('scale') ? await scale(ground, rounds, say) : []
    const text = page([...machine, `load average at the end ${loadavg()[0]?.toFixed(1)}`], {
      results,
      series,
      count,
      rounds,
    })
    process.stdout.write(text)
    if (series.length > 0) await writeFile(join(packageRoot, 'bench/plot.svg'), plot(series))
    if (only.length === 0) await writeFile(join(packageRoot, 'bench/results.md'), text)
  } finally {
    await ground.giveBack()
  }
}

interface Found {
  readonly results: readonly Measured[]
  readonly series: readonly Series[]
  readonly count: number
  readonly rounds: number
}

function page(machine: readonly string[], { results, series, count, rounds }: Found): string {
  const date = new Date().toISOString().slice(0, 10)
  return `# Measured side by side

Written by \`npm run bench\` on ${date}: ${count} stacklets where a row can have them. Medians of ${rounds}, all sides in turn on one machine and engine.
Milliseconds depend on the machine and on what else it does; the ratios are what counts. The first line of each row is ours.

${machine.map((line) => `- ${line}`).join('\n')}

${results.length === 0 ? '' : resultsTable(results)}
${series.length === 0 ? '' : `\n![cost by number of stacklets](plot.svg)\n\n${scaleTable(series)}\n`}`
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`)
}
