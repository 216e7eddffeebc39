import { describe, expect, it } from 'vitest'
import type { PortHolder } from '../../reconciler/model/port-holder.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { actual, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

const want = desired([stacklet('photos', { services: { web: { port: 8080 } } }), stacklet('docs')])
const program = { pid: 7, program: 'nginx' }
const everywhere = { address: '0.0.0.0', port: 8080, protocol: 'tcp', container: null, process: program }
const theirs = { name: 'shop', project: 'shop', instance: null, stacklet: null }

function conflicts(holders: readonly PortHolder[], look = actual()) {
  const { notes, steps } = makePlan(want, { ...look, portHolders: holders })
  return { notes: notes.map(({ kind, message }) => `${kind}: ${message}`), starts: steps.map(({ id }) => id) }
}

describe('a port that somebody has', () => {
  it.each<[string, PortHolder, string]>([
    ['a program', everywhere, 'nginx (pid 7)'],
    ['a program that nobody may see', { ...everywhere, process: null }, 'another program'],
    ['a program on one address', { ...everywhere, address: '127.0.0.1' }, 'nginx (pid 7)'],
    ['a container', { ...everywhere, process: null, container: theirs }, 'the container shop, of the project shop'],
    [
      'another instance',
      { ...everywhere, process: null, container: { ...theirs, instance: 'instance-2' } },
      'the container shop, of the stack instance instance-2',
    ],
  ])('keeps from starting who publishes it, and nobody else: %s', (_, holder, owner) => {
    const { notes, starts } = conflicts([holder])

    expect(notes).toEqual([`conflict: port 8080, which photos publishes, is taken by ${owner}`])
    expect(starts).toContain('start docs')
    expect(starts.filter((id) => id.endsWith('photos'))).toEqual([])
  })

  it.each<[string, PortHolder]>([
    ['udp', { ...everywhere, protocol: 'udp' }],
    ['another port', { ...everywhere, port: 8081 }],
  ])('is no matter where it is another one: %s', (_, holder) => {
    expect(conflicts([holder]).notes).toEqual([])
  })

  it('is its own where its own container publishes it', () => {
    const own = { name: 'stack-photos-web-1', project: 'stack-photos', instance: 'instance-1', stacklet: 'photos' }

    expect(conflicts([{ ...everywhere, process: null, container: own }], applied(want)).notes).toEqual([])
  })

  it('goes with a stranger under our name, which is held by itself', () => {
    const stranger = container('stack-photos-web-1', { instance: null, project: 'stack-photos', stacklet: null })
    const holder = { ...everywhere, process: null, container: { ...theirs, name: stranger.name } }

    expect(conflicts([holder], actual({ containers: [stranger] })).notes).toEqual([])
  })
})
