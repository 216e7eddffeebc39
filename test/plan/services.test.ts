import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import { applied } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const manifest = `id = "voice"
type = "host"
[services.whisper]
check_url = "http://127.0.0.1:9000/health"
start = "systemctl --user start whisper"
stop = "systemctl --user stop whisper"
[services.tts]
start = "./tts &"
`

const voice = (state: StackletIntent['state'] = 'running') =>
  desired([stacklet('voice', { state, manifest, services: {} }), stacklet('other')])

/** A host on which these answer, and these were started by us. */
function withServices(want: Desired, responding: readonly string[], started: readonly string[]): Actual {
  const have = applied(want)
  const files = { ...have.files, voice: { ...have.files['voice']!, startedServices: started } }
  return { ...have, files, respondingServices: { voice: responding } }
}

describe('programs of the host', () => {
  it('are started before anything is called healthy', () => {
    expect(planText(voice(), { ...applied(desired([stacklet('other')])) })).toMatchInlineSnapshot(`
      "voice
        + write-env                    missing
        + start-service tts            never started
        + start-service whisper        not responding
        · await-health                 not confirmed
        + finish-setup                 first healthy start"
    `)
  })

  it('are left alone while they answer', () => {
    expect(planText(voice(), withServices(voice(), ['whisper'], ['whisper', 'tts']))).toBe('')
  })

  it('are started again when they do not answer, though we started them', () => {
    expect(planText(voice(), withServices(voice(), [], ['whisper', 'tts']))).toMatchInlineSnapshot(`
      "voice
        + start-service whisper        not responding"
    `)
  })

  it('are stopped when they are declared stopped, if we started them', () => {
    expect(planText(voice('stopped'), withServices(voice(), ['whisper'], ['tts']))).toMatchInlineSnapshot(`
      "voice
        - stop                         declared stopped
        - stop-service tts             declared stopped"
    `)
  })

  it('are stopped with the stacklet when it leaves', () => {
    expect(planText(voice('absent'), withServices(voice(), ['whisper'], ['whisper', 'tts']))).toMatchInlineSnapshot(`
      "voice
        - stop-service tts             declared absent
        - stop-service whisper         declared absent
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })

  it('are stopped before they are forgotten, when prune is destroy', () => {
    const want = { ...voice('unlisted'), pace: { ...voice().pace, prune: 'destroy' as const } }

    expect(planText(want, withServices(voice(), ['whisper'], ['whisper']))).toMatchInlineSnapshot(`
      "voice
        - stop-service whisper         no longer listed
        - remove                       no longer listed
        - trash-data                   no longer listed
        - forget                       no longer listed"
    `)
  })

  it('are stopped, not forgotten, when the stacklet is in no line any more', () => {
    expect(planText(voice('unlisted'), withServices(voice(), ['whisper'], ['whisper']))).toMatchInlineSnapshot(`
      "voice
        - stop                         no longer listed
        - stop-service whisper         no longer listed"
    `)
  })
})
