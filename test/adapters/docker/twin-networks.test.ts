import type { ContainerInfo, NetworkInspectInfo } from 'dockerode'
import { expect, it } from 'vitest'
import { twinsAmong, youngestFirst } from '../../../reconciler/adapters/docker/twin-networks.ts'

const network = (Id: string, Name: string, more: object = {}) =>
  ({ Id, Name, Created: '2026-11-21T03:00:00.5Z', Labels: {}, ...more }) as NetworkInspectInfo

/** As the list call of Docker 20.10 tells it. */
const listed = (Id: string, NetworkID: string, NetworkMode = 'notes_default') =>
  ({
    Id,
    Names: [`/${Id}`],
    HostConfig: { NetworkMode },
    NetworkSettings: { Networks: { notes_default: { NetworkID } } },
  }) as unknown as ContainerInfo

it('knows no twins where each name is one network', () => {
  expect(twinsAmong([network('1', 'bridge'), network('2', 'notes_default')], [listed('web', '2')])).toEqual([])
})

it('tells whose they are, how old, and who is on which, by id', () => {
  const Labels = { 'com.docker.compose.project': 'notes' }
  const networks = [
    network('2', 'notes_default', { Labels, Created: '2026-11-21T04:00:00+01:00' }),
    network('1', 'notes_default', { Labels: { 'stack.instance': 'i' } }),
    network('3', 'bridge'),
  ]
  const containers = [listed('web', '2'), listed('db', '2'), listed('new', ''), listed('newer', '', '1')]

  const of = { name: 'notes_default', project: null, instance: null }
  const at = Date.parse('2026-11-21T03:00:00Z')
  expect(twinsAmong(networks, containers)).toEqual([
    {
      ...of,
      id: '2',
      createdAtMs: at,
      project: 'notes',
      containers: [
        { id: 'db', name: 'db' },
        { id: 'web', name: 'web' },
      ],
    },
    { ...of, id: '1', createdAtMs: at + 500, instance: 'i', containers: [{ id: 'newer', name: 'newer' }] },
  ])
})

it('lets the oldest speak for its twins, and the smaller id where they are of one age', () => {
  const [old, young] = [network('9', 'x'), network('1', 'x', { Created: '2026-11-22T03:00:00Z' })]
  const [a, b] = [network('a', 'x'), network('b', 'x')]

  expect(youngestFirst([old, young])).toEqual([young, old])
  expect(youngestFirst([young, old])).toEqual([young, old])
  expect(youngestFirst([a, b])).toEqual([b, a])
  expect(youngestFirst([b, a])).toEqual([b, a])
})
