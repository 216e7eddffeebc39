import { expect, it } from 'vitest'
import { stackLockText } from '../../../reconciler/definitions/stack-lock.ts'
import { runningServices } from '../../../reconciler/plan/updates/running-services.ts'
import { desired } from '../../support/desired.ts'
import { stacklet } from '../../support/intent.ts'

const digest = `sha256:${'1'.repeat(64)}`
const photos = stacklet('photos', { services: { web: { build: 'app' } } })

it('a service that is built has a line for what it is built upon, and one for each other image', () => {
  const locked = { image: 'node:20', tag: '20', digest }
  const state = desired([photos], { lock: stackLockText({ photos: { 'web from node:20': locked } }) })
  const bases = new Map([['photos web', { upon: 'nginx:1', others: ['node:20', 'tool:1'] }]])

  const found = runningServices(state, null, bases)

  expect(found.map(({ name, image, line }) => [name, image, line])).toEqual([
    ['web', 'nginx:1', null],
    ['web from node:20', 'node:20', locked],
    ['web from tool:1', 'tool:1', null],
  ])
})

it('one that is built upon nothing has those alone', () => {
  const bases = new Map([['photos web', { upon: null, others: ['go:1'] }]])

  expect(runningServices(desired([photos]), null, bases).map(({ name }) => name)).toEqual(['web from go:1'])
})
