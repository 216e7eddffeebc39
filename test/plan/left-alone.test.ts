import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import type { DesiredState } from '../../reconciler/model/desired.ts'
import { actual, applied, imagesOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const web = 'stack-photos-web-1'
const photos = (state: DesiredState = 'running', parts: Partial<StackletIntent> = {}) =>
  desired([stacklet('photos', { state, ...parts })], { selfHeal: false })

const told = (words: string) =>
  `! drift: photos drifted: ${words}\n    set self_heal = true under [reconcile], or put it back by hand`

/** The same host with another .env on its disk. */
function withEnv(have: Actual, env: string | null): Actual {
  const files = { ...have.files['photos']!, env: env as never }
  return { ...have, files: { ...have.files, photos: files } }
}

describe('self_heal = false', () => {
  it.each([
    ['edited', 'another'],
    ['missing', null],
  ] as const)('leaves an .env that is %s', (word, env) => {
    expect(planText(photos(), withEnv(applied(photos()), env))).toBe(told(`.env ${word}`))
  })

  it('writes an .env whose values git changed, edited or not', () => {
    const want = photos('running', { env: { MODE: 'new' } })

    expect(planText(want, withEnv(applied(photos()), 'another'))).toContain('~ write-env')
  })

  it('writes the .env of a first run', () => {
    expect(planText(photos(), actual())).toContain('+ write-env')
  })

  it('pulls no image for what runs', () => {
    expect(planText(photos(), { ...applied(photos()), images: imagesOf([]) })).toBe(told('image server:1 missing'))
  })

  it('leaves what somebody started that is declared stopped', () => {
    const want = photos('stopped')

    expect(planText(want, applied(want, { [web]: { state: 'running' } }))).toBe(told(`${web} running`))
  })

  it('stops what is declared stopped now', () => {
    expect(planText(photos('stopped'), applied(photos()))).toContain('- stop ')
  })

  it('leaves what somebody unpaused that is declared paused', () => {
    const want = photos('paused')

    expect(planText(want, applied(want, { [web]: { state: 'running' } }))).toBe(told(`${web} running`))
    expect(planText(want, applied(want))).toBe('')
  })

  it('leaves a program of the host that does not answer', () => {
    const manifest =
      'id = "photos"\ntype = "host"\n[services.scan]\ncheck_url = "http://127.0.0.1:9/"\nstart = "scan &"\n'
    const want = photos('running', { manifest, services: {} })

    expect(planText(want, applied(want))).toBe(told('scan not responding'))
  })
})
