import { beforeAll, describe, expect, it } from 'vitest'
import { loadDesired } from '../../reconciler/loop/load-desired.ts'
import { look } from '../../reconciler/loop/preview.ts'
import { reportStatus } from '../../reconciler/loop/report-status.ts'
import type { HostStatus } from '../../reconciler/model/status.ts'
import { type Box, commit, copyOf, emptyBox } from '../support/fake/box.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { host, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const dayMs = 86_400_000
const photos = stacklet('photos', { route: 'declared' })
const core = stacklet('core', { manifest: 'id = "core"\nproxy = true\n' })
const { signal } = new AbortController()

let converged: Box

beforeAll(async () => {
  converged = emptyBox()
  commit(converged, textsOf(host([core, photos], { domain: 'home.internal' })))
  expect((await reconcileOn(converged)).report?.outcome.kind).toBe('converged')
})

/** `stack status` where every site shows a certificate that was made for `lifeMs` and has `leftMs` of it. */
async function statusWith({
  lifeMs,
  leftMs,
}: {
  readonly lifeMs: number
  readonly leftMs: number
}): Promise<HostStatus> {
  const box = copyOf(converged)
  const certificate = { fromMs: box.nowMs + leftMs - lifeMs, untilMs: box.nowMs + leftMs }
  const sites = {
    visit: async () => ({ answered: true, why: 'answered 200', certificate }),
    rootCertificate: async () => null,
  }
  const { world } = fakeWorld(box)
  const shown = new Proxy(world, { get: (ports, name) => (name === 'sites' ? sites : Reflect.get(ports, name)) })
  const { desired, actual } = await look(shown, await loadDesired(shown, 'head', '/home/ada', signal), signal)
  return reportStatus(shown, desired, { ...actual, nowMs: box.nowMs }, signal)
}

describe('a certificate', () => {
  it.each<[string, number, number, boolean]>([
    ['of 90 days has 60 left', 90, 60, false],
    ['of 90 days has 15 left', 90, 15, false],
    ['of 90 days has just 14 left', 90, 14, false],
    ['of 90 days has less than 14 left', 90, 13.9, true],
    ['of 90 days has ended', 90, -1, true],
    ['of 7 days has 6 left', 7, 6, false],
    ['of 7 days has one left', 7, 1, true],
    ['of 12 hours has 4 hours left', 0.5, 4 / 24, false],
    ['of 12 hours has one hour left', 0.5, 1 / 24, true],
  ])('that %s', async (_, life, left, isEnding) => {
    const { certificates, condition } = await statusWith({ lifeMs: life * dayMs, leftMs: left * dayMs })

    expect(certificates).toMatchObject([{ daysLeft: Math.max(0, Math.floor(left)), isEnding }])
    expect(condition).toMatchObject({ ready: !isEnding, reason: isEnding ? 'CertificateEnding' : 'Converged' })
  })

  it('that should have been renewed is named, with where to look', async () => {
    const { condition } = await statusWith({ lifeMs: 90 * dayMs, leftMs: 9.5 * dayMs })

    expect(condition.message).toBe(
      'the certificate of photos.home.internal has 9 days left and was not renewed; stack logs core says why',
    )
  })
})
