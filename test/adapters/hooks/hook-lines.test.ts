import { expect, it } from 'vitest'

import { hookLines } from '../../../reconciler/adapters/hooks/hook-lines.ts'

function lines() {
  const said: string[] = []
  const silent = () => {}
  const taken = hookLines({ scrub: (text) => text, onPrinted: (line) => said.push(line), onTold: silent })
  return { said, push: taken.push, end: taken.end }
}

it('ends with what was said last, though another stream holds back a line without an end', () => {
  const { push, end } = lines()
  push(Buffer.from('connecting … '), 'stdout')
  push(Buffer.from('no route to host\n'), 'stderr')

  expect(end()).toEqual(['connecting … ', 'no route to host'])
})

it('ends with what was said last, though another stream said too much to be shown', () => {
  const { push, end, said } = lines()
  for (let count = 0; count < 70; count += 1) push(Buffer.from(`${'x'.repeat(99)}\n`.repeat(1000)), 'stdout')
  push(Buffer.from('the disk is full\n'), 'stderr')
  const last = end()

  expect(last).toHaveLength(10)
  expect(last.at(-1)).toBe('the disk is full')
  expect(said.at(-2)).toMatch(/^… it prints much/)
})
