import { expect, it } from 'vitest'
import { keepVariables } from '../../../reconciler/definitions/adopt/keep-variables.ts'
import { interpolate } from '../../../reconciler/definitions/interpolate.ts'

const filledIn = (text: string) => interpolate(text, (name) => (name === 'DATA' ? '/srv/data' : null))

it('keeps variables out of the way of colons, as paths where they are paths, and puts them back', () => {
  const { texts, restored } = keepVariables(
    [`- \${SITE:-./site}:/www\n- \${DATA}:/data\n- a$$b \${LEVEL:-in:fo}\n`],
    filledIn,
  )

  expect(texts).toEqual(['- ./stackvariable0x:/www\n- /stackvariable1x:/data\n- a$$b stackvariable2x\n'])
  expect(restored(texts.join())).toBe(`- \${SITE:-./site}:/www\n- \${DATA}:/data\n- a$$b \${LEVEL:-in:fo}\n`)
  expect(restored('/srv/wiki/stackvariable0x')).toBe(`/srv/wiki/\${SITE:-./site}`)
})
