import { describe, expect, it } from 'vitest'
import { type DoctorRequest, doctor } from '../../../reconciler/loop/doctor/doctor.ts'
import type { DoctorParts } from '../../../reconciler/loop/doctor/look-around.ts'
import { StackError } from '../../../reconciler/model/errors.ts'
import type { EngineAnswer } from '../../../reconciler/ports/docker-probe.ts'
import type { InstanceProbe, StateEntry } from '../../../reconciler/ports/instance-probe.ts'
import { engine, entry, look, nowMs, privateEngine, repository, silent, well } from '../../support/doctor-facts.ts'
import { type Box, emptyBox } from '../../support/fake/box.ts'
import { fakeWorld } from '../../support/fake-world.ts'

const { signal } = new AbortController()

interface Host {
  readonly box: Box
  readonly parts: DoctorParts
  readonly entries: StateEntry[]
  readonly started: string[]
}

/** A machine whose engine is that of a box, and a folder whose modes can be changed, all but those in `.stack/ledger/`. */
function host(asked: { readonly engine?: EngineAnswer; readonly entries?: StateEntry[] } = {}): Host {
  const box = { ...emptyBox(), nowMs, networks: new Set(['bridge', 'stack']) }
  const entries = asked.entries ?? [...look.entries]
  const started: string[] = []
  const probe: InstanceProbe = {
    look: async () => ({ ...look, entries: [...entries], setUp: [] }),
    async setMode(path, mode) {
      if (path.startsWith('stacklets/')) throw new StackError('STACK_FILES_FAILED', 'not allowed', { hint: 'chown it' })
      entries.splice(0, entries.length, ...entries.map((one) => (one.path === path ? { ...one, mode } : one)))
    },
    makeFolder: async () => {},
    removeStaged: async () => {},
  }
  const answer = async () => asked.engine ?? { ...engine, networks: [...box.networks] }
  const parts: DoctorParts = {
    machine: {
      programs: async () => well.programs,
      listeners: async () => [],
      room: async (paths) => paths.map((path) => ({ ...well.rooms[0]!, path, at: path })),
    },
    docker: { engine: answer, compose: async () => well.compose },
    privateEngine: { look: async () => privateEngine, start: async () => void started.push('engine') },
    clock: { nowMs: () => nowMs, sleep: async () => {}, random: () => 0.5 },
    home: '/home/ada',
    place: {
      kind: 'instance',
      folder: '/instance',
      world: fakeWorld(box).world,
      probe,
      repository: { look: async () => repository },
    },
  }
  return { box, parts, entries, started }
}

const plain: DoctorRequest = { fix: false, consent: null, onLine: () => {} }
const fix: DoctorRequest = { ...plain, fix: true }

describe('a doctor', () => {
  const open = () => look.entries.map((one) => ({ ...one, mode: one.mode | 0o055 }))

  it('changes nothing unasked', async () => {
    const { parts, entries } = host({ entries: open() })

    const { mended, checks } = await doctor(parts, plain, signal)

    expect(mended).toEqual([])
    expect(checks.filter(({ level }) => level === 'error').map(({ name }) => name)).toEqual(['state'])
    expect(entries).toEqual(open())
  })

  it('mends, says what, and looks again', async () => {
    const { parts } = host({ entries: open() })

    const { mended, checks } = await doctor(parts, fix, signal)

    expect(mended.map(({ message }) => message)).toEqual([
      '.stack is for its owner alone now',
      '.stack/secrets.toml is for its owner alone now',
    ])
    expect(checks.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('goes on when one mending fails, and tells why it did', async () => {
    const { parts } = host({ entries: [entry('stacklets/a/.env', { mode: 0o644 }), ...open()] })

    const { mended, checks } = await doctor(parts, fix, signal)

    expect(mended.map(({ isDone }) => isDone)).toEqual([false, true, true])
    expect(mended[0]?.message).toBe('not allowed; chown it')
    expect(checks.find(({ name }) => name === 'state')?.message).toBe('others may read stacklets/a/.env (644)')
  })

  it('makes the shared network that started stacklets need', async () => {
    const { parts, box } = host()
    const [applied] = Object.values(well.place.kind === 'instance' ? well.place.ledger : {})
    box.ledger.set('photos', applied!)
    box.networks.delete('stack')

    const { mended } = await doctor(parts, fix, signal)

    expect(mended.map(({ message }) => message)).toEqual(['made the network stack'])
    expect(box.networks.has('stack')).toBe(true)
  })
})

describe('a private engine', () => {
  it('is started with consent', async () => {
    const { parts, started } = host({ engine: silent })

    const { mended } = await doctor(parts, { ...fix, consent: async () => true }, signal)

    expect(started).toEqual(['engine'])
    expect(mended).toMatchObject([
      { name: 'engine', isDone: true, message: expect.stringContaining('export DOCKER_HOST') },
    ])
  })

  it.each<readonly [string, DoctorRequest, RegExp]>([
    ['when somebody said no', { ...fix, consent: async () => false }, /as was answered/],
    ['when nobody can be asked', fix, /--yes/],
  ])('is not started %s', async (_, request, why) => {
    const { parts, started } = host({ engine: silent })

    const { mended } = await doctor(parts, request, signal)

    expect(started).toEqual([])
    expect(mended).toMatchObject([{ isDone: false, message: expect.stringMatching(why) }])
  })
})
