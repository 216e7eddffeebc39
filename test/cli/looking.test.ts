import { expect, it } from 'vitest'
import { liveLines } from '../../cli/live-lines.ts'
import { looking } from '../../cli/looking.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { virtualScreen } from '../support/screen.ts'

const paint: Terminal['paint'] = (_style, text) => text

it('says how many images were looked at while that lasts, and leaves nothing behind', () => {
  const screen = virtualScreen(60)
  const often = () => () => {}
  const live = liveLines({ write: screen.write, size: () => ({ columns: 60, rows: 10 }), often })
  const times = [0, 0, 2000, 3000]
  const onLook = looking({ live, paint }, () => times.shift() ?? 3000)
  const seen = () => screen.rows().filter((row) => row !== '')

  onLook(0, 2)
  expect(seen()).toEqual(['⠋ look for new images: 0 of 2  0 s'])
  onLook(1, 2)
  expect(seen()).toEqual(['⠋ look for new images: 1 of 2  2 s'])
  onLook(2, 2)
  expect(seen()).toEqual([])
})

it('says nothing where nobody looks on', () => {
  expect(() => looking({ live: null, paint })(1, 2)).not.toThrow()
})
