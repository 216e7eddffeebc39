import { describe, expect, it } from 'vitest'
import { policyFor } from '../../../reconciler/plan/updates/policy-for.ts'
import { resolve } from '../../definitions/given.ts'

function policyOf(desired: string, manifest: string, service = 'web', image = 'ghcr.io/x/web:1') {
  const [photos] = resolve({ desired, stacklets: { photos: manifest } }).stacklets
  if (photos === undefined) throw new Error('photos is not declared')
  return policyFor(photos, service, image)
}

const listed = '[stacklets.photos]\n'
const upstream = '[upstream]\nimage = "ghcr.io/x/web"\nchannel = "patch"\n'

describe('the policy of a service', () => {
  it('is none where nobody said anything', () => {
    expect(policyOf(listed, '')).toMatchObject({ channel: null, window: null, minAgeMs: 0, hold: false })
  })

  it('is that of the manifest for the image that it names, and no other', () => {
    expect(policyOf(listed, upstream).channel).toBe('patch')
    expect(policyOf(listed, upstream, 'db', 'postgres:16').channel).toBe(null)
  })

  it('is desired.toml where that names a channel', () => {
    expect(policyOf(`${listed}update.channel = "none"\n`, upstream).channel).toBe('none')
    expect(policyOf(`${listed}update.channel = "digest"\n`, upstream, 'db', 'postgres:16').channel).toBe('digest')
  })

  it("keeps desired.toml's window with the manifest's channel", () => {
    expect(policyOf(`${listed}update.window = "03:00-05:00"\n`, upstream)).toMatchObject({
      channel: 'patch',
      window: '03:00-05:00',
    })
  })

  it('is that of the service over that of its stacklet', () => {
    const text = `${listed}
[stacklets.photos.update]
channel = "minor"
min_age = "3d"
[stacklets.photos.update.services.db]
channel = "none"
`
    expect(policyOf(text, '')).toMatchObject({ channel: 'minor', minAgeMs: 3 * 86_400_000 })
    expect(policyOf(text, '', 'db')).toMatchObject({ channel: 'none', minAgeMs: 3 * 86_400_000 })
  })
})
