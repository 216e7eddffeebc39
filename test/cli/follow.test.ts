import { describe, expect, it } from 'vitest'
import { following } from '../../cli/follow.ts'
import { liveLines } from '../../cli/live-lines.ts'
import type { Terminal } from '../../cli/terminal.ts'
import type { RunEvent } from '../../reconciler/index.ts'
import { virtualScreen } from '../support/screen.ts'

/** A run that a person follows on a terminal of this size. */
function follower({ columns = 60, rows = 10, isInteractive = false, isLive = true, json = false } = {}) {
  const screen = virtualScreen(columns)
  let nowMs = 0
  let tick = (): void => {}
  const often = (again: () => void) => {
    tick = again
    return () => {
      tick = () => {}
    }
  }
  const live = isLive ? liveLines({ write: screen.write, size: () => ({ columns, rows }), often }) : null
  const tell = live?.tell ?? ((text: string) => screen.write(`${text}\n`))
  const paint: Terminal['paint'] = (_style, text) => text
  const { watch } = following({ live, tell, paint, isInteractive } as Terminal, { json }, () => nowMs)

  function happens(kind: RunEvent['kind'], step: string, more: object = {}): void {
    const [, stacklet = ''] = step.split(' ')
    watch({ kind, run: 'r', at: '', step, stacklet, because: 'missing', ...more } as unknown as RunEvent)
  }
  return {
    screen,
    happens,
    seen: () => screen.rows().filter((row) => row !== ''),
    passes(ms: number): void {
      nowMs += ms
      tick()
    },
  }
}

const failure = { ms: 2500, error: { message: 'no such image', hint: 'mend it', output: ['last words'] } }

describe('a run on a terminal', () => {
  it('has a turning line for each step under way, and what ended above', () => {
    const { happens, passes, seen } = follower()
    happens('step-started', 'start photos')
    happens('step-started', 'pull-image notes busybox:1')
    passes(1000)
    happens('step-finished', 'start photos', { ms: 1000 })
    passes(1200)

    expect(seen()).toEqual(['✓ start photos (1.0 s)', '⠹ pull-image notes busybox:1  2 s'])
  })

  it('says how a step failed, what was skipped, and what to do', () => {
    const { happens, seen } = follower()
    happens('step-started', 'start photos')
    happens('step-failed', 'start photos', failure)
    happens('step-skipped', 'start album', { waitedFor: 'start photos' })

    expect(seen()).toEqual([
      '✗ start photos failed after 2.5 s: no such image',
      '    | last words',
      '    mend it',
      '  start album skipped: waits for start photos',
    ])
  })

  it('does not say a line again that a step had said before it failed', () => {
    const { happens, seen } = follower()
    happens('step-started', 'run-hook photos on_start')
    happens('step-progress', 'run-hook photos on_start', { stacklet: 'photos', line: 'last words' })
    happens('step-failed', 'run-hook photos on_start', failure)

    expect(seen()).toEqual([
      '    photos | last words',
      '✗ run-hook photos on_start failed after 2.5 s: no such image',
      '    mend it',
    ])
  })

  it.each([
    [80, '⠋ pull-image notes registry.example.org/a/long/name:1.2.3  0 s'],
    [40, '⠋ pull-image notes registry.examp…  0 s'],
    [20, '⠋ pull-image …  0 s'],
    [6, 'pull…'],
  ])('fits into %i columns', (columns, line) => {
    const { happens, screen } = follower({ columns })
    happens('step-started', 'pull-image notes registry.example.org/a/long/name:1.2.3')

    expect(screen.rows()).toEqual([line, ''])
  })

  it('fits into few rows', () => {
    const { happens, seen } = follower({ rows: 3 })
    for (const id of ['a', 'b', 'c', 'd']) happens('step-started', `start ${id}`)

    expect(seen()).toEqual(['⠋ start a  0 s', '  … and 3 more'])
  })

  it('draws nothing while a hook has the terminal, and goes on below what that left', () => {
    const { happens, passes, screen, seen } = follower({ isInteractive: true })
    happens('step-started', 'start photos')
    happens('step-started', 'run-hook notes on_configure')
    screen.write('Your name: ')
    passes(500)
    expect(seen()).toEqual(['  run-hook notes on_configure …', 'Your name:'])
    happens('step-finished', 'run-hook notes on_configure', { ms: 500 })

    expect(seen()).toEqual([
      '  run-hook notes on_configure …',
      'Your name:',
      '✓ run-hook notes on_configure (0.5 s)',
      '⠴ start photos  0 s',
    ])
  })

  it.each([{}, { isInteractive: true, json: true }])(
    'goes on drawing while a hook runs that cannot ask: %j',
    (given) => {
      const { happens, seen } = follower(given)
      happens('step-started', 'run-hook notes on_install')
      happens('step-progress', 'run-hook notes on_install', { line: 'making tables' })

      expect(seen()).toEqual(['    notes | making tables', '⠋ run-hook notes on_install  0 s'])
    },
  )
})

it('a run without a terminal is followed line by line', () => {
  const { happens, screen } = follower({ isLive: false })
  happens('step-started', 'start photos')
  happens('step-finished', 'start photos', { ms: 1000 })
  happens('step-started', 'run-hook notes on_start')
  happens('step-progress', 'run-hook notes on_start', { line: 'making tables' })
  happens('step-failed', 'run-hook notes on_start', failure)

  expect(screen.lines()).toEqual([
    '  start photos …',
    '  start photos done (1.0 s)',
    '  run-hook notes on_start …',
    '    notes | making tables',
    '  run-hook notes on_start failed: no such image',
    '    | last words',
    '    mend it',
    '',
  ])
})
