import { describe, expect, it } from 'vitest'
import { observedContainer } from '../../../reconciler/adapters/docker/observed-container.ts'
import { around, inspected } from './inspected.ts'

describe('an observed container', () => {
  it.each(['20.10', '26.1'] as const)('is read from what engine %s tells', (version) => {
    const {
      fingerprint: _,
      id: __,
      imageId: ___,
      ...rest
    } = observedContainer(inspected[version][0], around(inspected[version]))

    expect({ ...rest, startedAtMs: rest.startedAtMs > 0 }).toEqual({
      name: 'shop-web',
      image: 'busybox:1.36',
      project: 'shop',
      service: 'web',
      instance: null,
      stacklet: null,
      isHelper: false,
      isOneOff: false,
      state: 'running',
      health: 'none',
      exitCode: 0,
      restarts: 0,
      startedAtMs: true,
      ports: [
        { address: '127.0.0.1', port: 8053, protocol: 'udp' },
        { address: '127.0.0.1', port: 8080, protocol: 'tcp' },
        { address: '0.0.0.0', port: 0, protocol: 'tcp' },
      ],
    })
  })
})
