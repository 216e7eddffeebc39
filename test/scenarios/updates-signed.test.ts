import { beforeAll, expect, it, vi } from 'vitest'
import { type Cosign, cosignProgram, type SigningKey } from '../engine/cosign.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { published } from './support/published.ts'
import { type Updatable, updatable } from './support/updatable.ts'

/** Each is several whole runs, and the program is called in each. */
vi.setConfig({ testTimeout: 300_000 })

const onEnd = atTheEnd()
let cosign: Cosign
let ours: SigningKey

beforeAll(async () => {
  cosign = await cosignProgram()
  onEnd(cosign.remove)
  ours = await cosign.makeKey()
})

it('only what is signed with the key of the instance is taken', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await verifying(`${repository}:1`, 'verify_log = false')
  const fresh = await pushWeb('1.1', '1')
  const theirs = await cosign.makeKey()

  const unsigned = await updateOf(host)
  await theirs.sign(`${repository}@${fresh}`)
  const foreign = await updateOf(host)

  expect(unsigned).toMatchObject({
    code: 1,
    image: { decision: 'failed', because: expect.stringMatching(/^cosign .* no signatures found/) },
  })
  expect(foreign).toMatchObject({
    code: 1,
    image: { decision: 'failed', because: expect.stringMatching(/^cosign does not verify it: /) },
  })
  expect(await host.says()).toBe('1.0')
  expect(await host.docker(['images', '--quiet', '--digests', `${repository}@${fresh}`])).toBe('')

  await ours.sign(`${repository}@${fresh}`)
  expect(await updateOf(host)).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await host.says()).toBe('1.1')
})

it('a signature that no public log has is no pass unless that is said', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await verifying(`${repository}:1`, '')
  await ours.sign(`${repository}@${await pushWeb('1.1', '1')}`)

  const answer = await updateOf(host)

  expect(answer).toMatchObject({
    code: 1,
    image: { decision: 'failed', because: expect.stringMatching(/^cosign does not verify it: /) },
  })
  expect(await host.says()).toBe('1.0')
})

/** One with our public key where it is looked for. */
async function verifying(image: string, words: string): Promise<Updatable> {
  const host = await updatable({ image, update: `channel = "digest"\nverify = "cosign"\n${words}` })
  await host.write('desired/cosign.pub', ours.publicKey)
  await host.commit('our key')
  return host
}

/** An update on a host that has the program. */
async function updateOf(host: Updatable) {
  const answer = await host.stackWith({ PATH: `${cosign.folder}:${host.env['PATH']}` }, 'update', '--json')
  return { code: answer.code, image: answer.json.images[0] }
}
