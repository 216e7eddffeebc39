import { describe, expect, it } from 'vitest'
import type { Desired } from '../../reconciler/model/desired.ts'
import { and, applied, container } from '../support/actual.ts'
import { type DesiredOptions, desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const web = 'stack-photos-web-1'

/** A server behind a proxy; only the proxy mounts `conf`. */
function site(conf: string, parts: Partial<Omit<StackletIntent, 'services'>> = {}): StackletIntent {
  const services = { api: { port: 8080 }, proxy: { mounts: ['conf'] } }
  return stacklet('photos', { services, files: { 'conf/site.conf': conf }, ...parts })
}

describe('a change of what git says', () => {
  it('of a mounted file makes only the service anew that mounts it', () => {
    const want = desired([site('two')])

    expect(planText(want, applied(desired([site('one')])))).toMatchInlineSnapshot(`
      "photos
        ± replace proxy                content changed
            conf/site.conf: 43dd47ea691c → 64c5e5885a4b  (commit c0ffee1)
        · await-health                 started"
    `)
  })

  it('of a text for readers is none', () => {
    const before = desired([stacklet('photos', { files: { 'notes.md': 'one' } })])
    const want = desired([stacklet('photos', { files: { 'notes.md': 'two' } })])

    expect(planText(want, applied(before))).toBe('')
  })

  it('of files that no service reads makes nothing anew, and tells what came and what went', () => {
    const before = desired([stacklet('photos', { files: { 'old.conf': '1' } })])
    const want = desired([stacklet('photos', { files: { 'new.conf': '1' } })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        · await-health                 not confirmed
            new.conf: none → 56a6051ca2b0  (commit c0ffee1)
            old.conf: 56a6051ca2b0 → none  (commit c0ffee1)"
    `)
  })

  it('pulls the new image before it makes anything anew', () => {
    const before = desired([stacklet('photos')])
    const want = desired([stacklet('photos', { services: { web: { image: 'server:2' } } })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        + pull-image server:2          missing
        ± replace                      content changed
            docker-compose.yml: fe0d9a1fcc12 → 28d02fa100f6  (commit c0ffee1)
        · await-health                 started"
    `)
  })

  it('names no commit where there is none', () => {
    const want = { ...desired([site('two')]), revision: null }

    expect(planText(want, applied(desired([site('one')])))).toMatchInlineSnapshot(`
      "photos
        ± replace proxy                content changed
            conf/site.conf: 43dd47ea691c → 64c5e5885a4b  (edited here)
        · await-health                 started"
    `)
  })

  it('with a service that is gone takes its container away', () => {
    const before = desired([stacklet('photos', { services: { web: {}, cache: {} } })])
    const want = desired([stacklet('photos')])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        - remove-orphan stack-photos-cache-1  service removed
            container: running → none
        ± replace                      content changed
            docker-compose.yml: a314797ef2d5 → fe0d9a1fcc12  (commit c0ffee1)
        · await-health                 started"
    `)
  })

  it('in how often a service runs names no service: Compose keeps those that match', () => {
    const before = desired([stacklet('photos')])
    const want = desired([stacklet('photos', { services: { web: { replicas: 3 } } })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        ± replace                      content changed
            docker-compose.yml: fe0d9a1fcc12 → 2d0dac2f3a72  (commit c0ffee1)
        · await-health                 started"
    `)
  })
})

describe('a change of what the host adds', () => {
  it('of a value in desired.toml makes containers anew and shows both, unless its name is that of a secret', () => {
    const before = desired([stacklet('photos', { override: { MODE: 'quiet', DB_PASSWORD: 'hushhush' } })])
    const want = desired([stacklet('photos', { override: { MODE: 'loud', DB_PASSWORD: 'louder' } })])

    const text = planText(want, applied(before))

    expect(text).toMatchInlineSnapshot(`
      "photos
        ~ write-env                    values changed
        ± replace                      values changed
            env DB_PASSWORD  (its value changed)
            env MODE: quiet → loud  (its value changed)
        · await-health                 started"
    `)
    expect(text).not.toMatch(/hushhush|louder/)
  })

  it('of a secret makes containers anew and shows no value', () => {
    const intent = [stacklet('photos', { generate: ['KEY'] })]
    const want = desired(intent, { secrets: { photos__KEY: 'another' } })

    expect(planText(want, applied(desired(intent)))).toMatchInlineSnapshot(`
      "photos
        ~ write-env                    values changed
        ± replace                      values changed
            env KEY  (its value changed)
        · await-health                 started"
    `)
  })

  it('of an .env that somebody edited by hand writes it again and no more', () => {
    const want = desired([stacklet('photos')])
    const have = applied(want)
    const edited = { ...have.files['photos']!, env: 'another' as never }

    expect(planText(want, { ...have, files: { photos: edited } })).toMatchInlineSnapshot(`
      "photos
        ~ write-env                    changed on the host
            .env"
    `)
  })
})

describe('drift', () => {
  const want = desired([stacklet('photos', { services: { web: {}, db: {} } })])
  const fingerprint = {
    Name: web,
    Image: 'sha256:server',
    'HostConfig.RestartPolicy': 'no',
    'HostConfig.Memory': '67108864',
    'Config.Env.MODE': 'a text that is much longer than one would like to read',
  }
  const drifted = applied(want, { [web]: { fingerprint } })

  it('makes anew what was changed on the host, each field with both values', () => {
    expect(planText(want, drifted)).toMatchInlineSnapshot(`
      "photos
        ± replace web                  changed on the host
            stack-photos-web-1 Config.Env.MODE: a text that…ike to read → none
            stack-photos-web-1 HostConfig.Memory: 64 MiB → none
            stack-photos-web-1 HostConfig.RestartPolicy: no → unless-stopped
        · await-health                 started"
    `)
  })

  it('in a field that is ignored is nothing', () => {
    const fields = ['HostConfig.RestartPolicy', 'HostConfig.Memory', 'Config.Env.*']

    expect(planText(ignoring(want, fields), drifted)).toBe('')
  })

  it('in another field than those ignored still counts, and only that is told', () => {
    const fields = ['HostConfig', 'Config.Env.OTHER']

    expect(planText(ignoring(want, fields), drifted)).toMatchInlineSnapshot(`
      "photos
        ± replace web                  changed on the host
            stack-photos-web-1 Config.Env.MODE: a text that…ike to read → none
        · await-health                 started"
    `)
  })
})

describe('self_heal = false', () => {
  const intent = [stacklet('photos', { services: { web: {}, db: {}, cache: {} } })]
  const hands: DesiredOptions = { selfHeal: false }
  const want = desired(intent, hands)

  it('tells what drifted and does nothing about it', () => {
    const since = {
      [web]: { fingerprint: { Name: 'renamed' } },
      'stack-photos-db-1': null,
      'stack-photos-cache-1': { state: 'exited', exitCode: 137 },
    } as const

    expect(planText(want, applied(want, since))).toMatchInlineSnapshot(`
      "! drift: photos drifted: db missing, stack-photos-cache-1 stopped, stack-photos-web-1 HostConfig.RestartPolicy, stack-photos-web-1 Image, stack-photos-web-1 Name
          set self_heal = true under [reconcile], or put it back by hand"
    `)
  })

  it('runs no hook of a start that does not happen', () => {
    const files = { 'hooks/on_start.sh': 'pass', 'hooks/on_start_ready.sh': 'pass' }
    const hooked = desired([stacklet('photos', { files })], hands)
    const have = applied(hooked, { [web]: { state: 'exited', exitCode: 1 } })

    expect(planText(hooked, have)).toMatchInlineSnapshot(`
      "! drift: photos drifted: stack-photos-web-1 stopped
          set self_heal = true under [reconcile], or put it back by hand"
    `)
  })

  it('takes nothing away that is left over', () => {
    const stray = container('stray', { project: 'stack-photos', stacklet: 'photos', service: 'former' })

    expect(planText(want, and(applied(want), stray))).toMatchInlineSnapshot(`
      "! drift: photos drifted: stray left over
          set self_heal = true under [reconcile], or put it back by hand"
    `)
  })

  it('finishes a first run', () => {
    const have = applied(want)
    const files = { photos: { ...have.files['photos']!, isSetUp: false } }

    expect(planText(want, { ...have, files })).toMatchInlineSnapshot(`
      "photos
        + finish-setup                 first healthy start"
    `)
  })

  it('does what git says, and calls what follows from that no drift', () => {
    const changed = desired([stacklet('photos', { services: { web: {}, db: {} } })], hands)

    expect(planText(changed, applied(want))).toMatchInlineSnapshot(`
      "photos
        - remove-orphan stack-photos-cache-1  service removed
            container: running → none
        ± replace                      content changed
            docker-compose.yml: 09ac1975bcc6 → 642a11346e42  (commit c0ffee1)
        · await-health                 started"
    `)
  })

  it('starts what never ran, and stops what is declared stopped', () => {
    const states = [stacklet('new'), stacklet('photos', { state: 'stopped' })]

    expect(planText(desired(states, hands), applied(desired([stacklet('photos')])))).toMatchInlineSnapshot(`
      "new
        + write-env                    missing
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start

      photos
        - stop                         declared stopped"
    `)
  })
})

function ignoring(want: Desired, driftIgnore: readonly string[]): Desired {
  return { ...want, stacklets: want.stacklets.map((one) => ({ ...one, driftIgnore })) }
}
