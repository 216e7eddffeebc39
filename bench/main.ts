import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { packageRoot } from '../demo/places.ts'
import { rentGround } from './ground.ts'
import { describeMachine } from './machine.ts'
import { type Measured, measure } from './measure.ts'
import type { Row } from './row.ts'
import { nothingToDo } from './rows/nothing-to-do.ts'
import { resultsTable } from './table.ts'

const rounds = 5
const rows: readonly Row[] = [nothingToDo(30)]

const ground = await rentGround(say)
try {
  const machine = await describeMachine(ground)
  const results: Measured[] = []
  for (const row of rows) {
    say(row.name)
    results.push(await measure(row, ground, rounds))
  }
  const table = resultsTable(results)
  process.stdout.write(`${[...machine, '', table].join('\n')}\n`)
  await writeFile(join(packageRoot, 'bench/results.md'), page(machine, table))
} finally {
  await ground.giveBack()
}

function page(machine: readonly string[], table: string): string {
  const date = new Date().toISOString().slice(0, 10)
  return `# Measured side by side

Written by \`npm run bench\` on ${date}. Medians of ${rounds}, both sides in turn on one machine; whole processes, from start to end.

${machine.map((line) => `- ${line}`).join('\n')}

${table}
`
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`)
}
