import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import { type HookEvent, hookEvents } from '../../reconciler/model/hook.ts'
import { actual, applied } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const files = Object.fromEntries(hookEvents.map((event) => [`hooks/${event}.sh`, 'pass']))
const services = { web: { port: 8080 }, db: {} }
const manifest = 'id = "photos"\nport = 8080\n[env]\ngenerate = ["KEY"]\n'
const intent = stacklet('photos', { services, files, manifest, generate: ['KEY'] })
const web = 'stack-photos-web-1'
const fresh = actual({ networks: ['stack'] })

describe('a first run', () => {
  it('makes secrets, runs every hook of it at its moment, and none that is for the end', () => {
    expect(planText(desired([intent], { secrets: {} }), fresh)).toMatchInlineSnapshot(`
      "photos
        + write-secrets KEY            missing
        · run-hook on_configure        first install
        · run-hook on_install          first install
        + write-env                    missing
        + pull-image server:1          missing
        · run-hook on_start            before start
        + start                        never started
        · await-health                 started
        · run-hook on_install_success  first healthy start
        + finish-setup                 first healthy start
        · run-hook on_start_ready      after start"
    `)
  })

  it('goes on where it broke off', () => {
    const want = desired([intent])
    const done = knowing(
      { ...applied(want), ledger: {} },
      { isSetUp: false, finishedHooks: ['on_configure', 'on_install'] },
    )

    expect(planText(want, done)).toMatchInlineSnapshot(`
      "photos
        · run-hook on_start            before start
        ~ start                        not confirmed
        · await-health                 started
        · run-hook on_install_success  first healthy start
        + finish-setup                 first healthy start
        · run-hook on_start_ready      after start"
    `)
  })

  it('without containers is its hooks', () => {
    const bare = stacklet('photos', { services: {}, files })

    expect(planText(desired([bare]), actual())).toMatchInlineSnapshot(`
      "photos
        · run-hook on_configure        first install
        · run-hook on_install          first install
        + write-env                    missing
        · run-hook on_start            before start
        · await-health                 not confirmed
        · run-hook on_install_success  first healthy start
        + finish-setup                 first healthy start
        · run-hook on_start_ready      after start"
    `)
  })
})

describe('a later run', () => {
  const want = desired([intent])

  it('runs no hook where nothing starts', () => {
    expect(planText(want, applied(want))).toBe('')
  })

  it('runs the hooks of a start when the main container stopped', () => {
    const have = applied(want, { [web]: { state: 'exited', exitCode: 1 } })

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        · run-hook on_start            before start
        ~ start                        stopped
            stack-photos-web-1 State.Status: exited → running  (changed on the host)
        · await-health                 started
        · run-hook on_start_ready      after start"
    `)
  })

  it('runs none when only a container beside it stopped', () => {
    const have = applied(want, { 'stack-photos-db-1': { state: 'exited', exitCode: 1 } })

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        ~ start                        stopped
            stack-photos-db-1 State.Status: exited → running  (changed on the host)
        · await-health                 started"
    `)
  })

  it('runs the one that a start still owes, and disturbs nothing', () => {
    const have = applied(want)
    const owing = { photos: { ...have.ledger['photos']!, owes: ['on_start_ready'] as const } }

    expect(planText(want, { ...have, ledger: owing })).toMatchInlineSnapshot(`
      "photos
        · run-hook on_start_ready      not finished"
    `)
  })

  it('runs an edited hook of a start when it is due, not now', () => {
    const edited = desired([{ ...intent, files: { ...files, 'hooks/on_start.sh': 'pass 2' } }])

    expect(planText(edited, applied(want))).toMatchInlineSnapshot(`
      "photos
        · await-health                 not confirmed
            hooks/on_start.sh: fc80254b619d → b0e1f6ac1a9b  (commit c0ffee1)"
    `)
  })

  it('tells who edits a hook that ran for good that it does not run again', () => {
    const edited = desired([{ ...intent, files: { ...files, 'hooks/on_install.sh': 'pass 2' } }])

    expect(planText(edited, applied(want))).toMatchInlineSnapshot(`
      "photos
        · await-health                 not confirmed
            hooks/on_install.sh: fc80254b619d → b0e1f6ac1a9b  (commit c0ffee1)

      ! warning: on_install of photos was edited and does not run again: its first run is over
          stack destroy photos lets it begin anew"
    `)
  })

  it('runs on_stop before it stops, and only when something runs', () => {
    const stopped = desired([{ ...intent, state: 'stopped' }])

    expect(planText(stopped, applied(want))).toMatchInlineSnapshot(`
      "photos
        · run-hook on_stop             before stop
        - stop                         declared stopped"
    `)
    expect(planText(stopped, applied(stopped))).toBe('')
  })

  it('runs on_stop and on_destroy before it removes', () => {
    const absent = desired([{ ...intent, state: 'absent' }])

    expect(planText(absent, applied(want))).toMatchInlineSnapshot(`
      "photos
        · run-hook on_stop             before stop
        · run-hook on_destroy          before removal
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })

  it('runs on_destroy alone when nothing is up any more', () => {
    const absent = desired([{ ...intent, state: 'absent' }])

    expect(planText(absent, applied(desired([{ ...intent, state: 'stopped' }])))).toMatchInlineSnapshot(`
      "photos
        · run-hook on_destroy          before removal
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })
})

function knowing(
  have: Actual,
  more: { readonly isSetUp: boolean; readonly finishedHooks: readonly HookEvent[] },
): Actual {
  return { ...have, files: { photos: { ...have.files['photos']!, ...more } } }
}
