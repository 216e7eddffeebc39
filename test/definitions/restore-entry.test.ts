import { describe, expect, it } from 'vitest'
import { restoreEntry } from '../../reconciler/definitions/restore-entry.ts'
import type { StackletId } from '../../reconciler/model/names.ts'

const restore = (text: string, other: string) => {
  const answer = restoreEntry(text, other, 'photos' as StackletId, 'desired/desired.toml')
  return 'text' in answer ? answer.text : answer.problem.message
}

type Row = readonly [name: string, now: string, then: string, expected: string]

describe('what another text says of one stacklet', () => {
  it.each<Row>([
    [
      'takes the place of what is said now',
      '# mine\n[stacklets.photos]\nstate = "stopped" # for now\n\n# of docs\n[stacklets.docs]\n',
      '[stacklets.photos]\nstate = "running"\n',
      '# mine\n[stacklets.photos]\nstate = "running"\n\n# of docs\n[stacklets.docs]\n',
    ],
    [
      'comes with its tables',
      '[stacklets.photos]\n[stacklets.docs]\n',
      '[stacklets.photos]\n[stacklets.photos.env]\nMODE = "old"\n',
      '[stacklets.photos]\n[stacklets.photos.env]\nMODE = "old"\n[stacklets.docs]\n',
    ],
    [
      'goes with its tables',
      '[stacklets.photos]\n[stacklets.docs]\n[stacklets.photos.env]\nMODE = "new"\n',
      '[stacklets.photos]\n',
      '[stacklets.photos]\n[stacklets.docs]\n',
    ],
    [
      'is added where nothing is said now',
      '[stacklets.docs]\n',
      '[stacklets.photos]\n',
      '[stacklets.docs]\n\n[stacklets.photos]\n',
    ],
    [
      'is taken out where nothing was said',
      '[stacklets.photos]\n[stacklets.docs]\n',
      '[stacklets.docs]\n',
      '[stacklets.docs]\n',
    ],
    [
      'changes nothing where both say the same',
      '[stacklets]\nphotos = {}\n',
      '[stacklets.photos]\n',
      '[stacklets]\nphotos = {}\n',
    ],
    [
      'is refused where it stands in the table of another',
      '[stacklets]\nphotos = { state = "stopped" }\n',
      '[stacklets.photos]\nstate = "running"\n',
      'desired/desired.toml says photos in a way that cannot be edited',
    ],
  ])('%s', (_, now, then, expected) => {
    expect(restore(now, then)).toBe(expected)
  })
})
