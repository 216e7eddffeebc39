import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { makeInstance } from './support/instance.ts'
import { newUser } from './support/new-user.ts'
import { type Piece, readRecording, writeRecording } from './support/recording.ts'
import { commitAndRun } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const page = join(import.meta.dirname, '../../docs/first-hour.md')

/** STACK_RECORD=1 writes the page anew instead of holding it against what happens. */
const isRecording = process.env['STACK_RECORD'] === '1'

/** What differs from hour to hour and from engine to engine: commits, durations, addresses, containers, the engine's own words. */
function withoutChance(lines: readonly string[]): readonly string[] {
  return lines.map((line) =>
    line
      .replace(/^ +\| (?:Error|.* failed: ).*/, 'ENGINE')
      .replace(/the connection was closed before an answer came|connection refused/, 'NOBODY')
      .replace(/\b(?=[a-f]*\d)[0-9a-f]{7}\b|\b[a-f]{7}\b/g, 'COMMIT')
      .replace(/\d+\.\d s\b/g, 'TIME')
      .replace(/\b(?:(?:\d+\.){3}\d+|localhost)\b/g, 'ADDRESS'),
  )
}

/** Somebody whose stacklet keeps the network of all instances there, whoever else comes and goes. */
async function neighbour(): Promise<void> {
  const id = uniqueName('neighbour')
  await commitAndRun(await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) }))
}

it('the first hour goes as docs/first-hour.md tells it', async () => {
  const pieces = readRecording(await readFile(page, 'utf8'))
  await neighbour()
  const { type } = await newUser()
  const played: Piece[] = []
  for (const piece of pieces) {
    played.push(piece.kind === 'prose' ? piece : { ...piece, output: await type(piece.command) })
  }

  if (isRecording) await writeFile(page, writeRecording(played))
  const told = isRecording ? played : pieces
  const words = (all: readonly Piece[]) => withoutChance(writeRecording(all).split('\n')).join('\n')
  expect(pieces.filter((piece) => piece.kind === 'command').length).toBeGreaterThan(20)
  expect(words(played)).toBe(words(told))
})
