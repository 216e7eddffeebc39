import { expect, it } from 'vitest'
import { commit, emptyBox } from '../support/fake/box.ts'
import { host, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const tag = '$' + '{TAG}'
const photos = (version: string) =>
  stacklet('photos', { env: { TAG: '1' }, override: { TAG: version }, services: { web: { image: `server:${tag}` } } })

it('a value that names an image has it fetched before a container is stopped for it', async () => {
  const box = emptyBox()
  commit(box, textsOf(host([photos('2')])))
  await reconcileOn(box)
  commit(box, textsOf(host([photos('3')])))

  const { report } = await reconcileOn(box)

  expect(report?.steps.map((step) => step.id)).toContain('pull-image photos server:3')
  expect(box.happened.filter(({ what }) => what === 'late pull')).toEqual([])
  expect(box.containers.map(({ image }) => image)).toEqual(['server:3'])
})
