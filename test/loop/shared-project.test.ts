import { expect, it } from 'vitest'
import { type Box, commit, copyOf, emptyBox } from '../support/fake/box.ts'
import { create, start } from '../support/fake/containers.ts'
import { host, type StackletIntent, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const kept = stacklet('kept')

/** A container of photos that only its label tells of, and one of somebody else's in the same Compose project. */
async function withStranger(state: StackletIntent['state']): Promise<Box> {
  const box = emptyBox()
  commit(box, textsOf(host([kept])))
  await reconcileOn(box)
  const labels = { 'stack.instance': box.instance ?? '', 'stack.stacklet': 'photos' }
  const place = { image: 'server:1', project: 'stack-photos' }
  for (const spec of [
    { ...place, name: 'ours', service: 'old', labels },
    { ...place, name: 'somebodys', service: 'web' },
  ])
    start(box, create(box, spec))
  commit(box, textsOf(host([kept, stacklet('photos', { state })], { prune: 'destroy' })))
  return box
}

it.each(['absent', 'unlisted'] as const)(
  'what is %s leaves without what somebody else runs in its project, data to the trash',
  async (state) => {
    const box = await withStranger(state)
    const before = copyOf(box)

    await reconcileOn(box)

    const theirs = (one: Box) => one.containers.filter(({ name }) => name === 'somebodys')
    expect(theirs(box)).toEqual(theirs(before))
    expect(box.containers.map(({ name }) => name)).not.toContain('ours')
    expect(box.trash.length).toBe(1)
  },
)
