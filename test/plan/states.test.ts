import { describe, expect, it } from 'vitest'
import { actual, and, applied, container, forgetting, networksOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const web = 'stack-photos-web-1'

describe('declared running', () => {
  const want = desired([stacklet('photos')])

  it('has nothing to do when it runs', () => {
    expect(planText(want, applied(want))).toBe('')
  })

  it('is made from nothing', () => {
    expect(planText(want, actual())).toMatchInlineSnapshot(`
      "this host
        + create-network stack         missing

      photos
        + write-env                    missing
        + pull-image server:1          missing
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start"
    `)
  })

  it.each([
    ['exited', { state: 'exited', exitCode: 137 }],
    ['created', { state: 'created' }],
    ['dead', { state: 'dead' }],
  ] as const)('is started when its container is %s', (_, since) => {
    expect(planText(want, applied(want, { [web]: since }))).toBe(
      [
        'photos',
        '  ~ start                        stopped',
        `      ${web} State.Status: ${since.state} → running  (changed on the host)`,
        '  · await-health                 started',
      ].join('\n'),
    )
  })

  it('gets the network back that all share', () => {
    expect(planText(want, { ...applied(want), networks: networksOf([]) })).toBe(
      'this host\n  + create-network stack         missing',
    )
  })

  it('is started when its container is gone', () => {
    expect(planText(want, applied(want, { [web]: null }))).toMatchInlineSnapshot(`
      "photos
        + start                        missing
            web container: none → running  (changed on the host)
        · await-health                 started"
    `)
  })

  it('is unpaused when somebody paused it', () => {
    expect(planText(want, applied(want, { [web]: { state: 'paused' } }))).toMatchInlineSnapshot(`
      "photos
        ~ unpause                      paused
            stack-photos-web-1 State.Status: paused → running  (changed on the host)
        · await-health                 started"
    `)
  })

  it('is waited for when it restarts again and again', () => {
    const have = applied(want, { [web]: { state: 'restarting' } })

    expect(planText(want, have)).toBe('photos\n  · await-health                 unhealthy')
  })

  it('is restarted when it fails its health check', () => {
    expect(planText(want, applied(want, { [web]: { health: 'unhealthy' } }))).toMatchInlineSnapshot(`
      "photos
        ~ restart stack-photos-web-1   unhealthy
            State.Health.Status: unhealthy → healthy  (its health check fails)
        · await-health                 unhealthy"
    `)
  })

  it('is started and waited for when no run saw it succeed', () => {
    expect(planText(want, forgetting(applied(want), 'photos'))).toMatchInlineSnapshot(`
      "photos
        ~ start                        not confirmed
        · await-health                 started"
    `)
  })

  it('is set up when its marker is missing', () => {
    const have = applied(want)
    const files = { photos: { ...have.files['photos']!, isSetUp: false } }

    expect(planText(want, { ...have, files })).toMatchInlineSnapshot(`
      "photos
        + finish-setup                 first healthy start"
    `)
  })

  it('leaves alone a job that did its work', () => {
    const jobs = desired([stacklet('photos', { services: { job: { image: 'job:1', restart: 'no' } } })])
    const fingerprint = { Name: 'stack-photos-job-1' }
    const have = applied(jobs, { 'stack-photos-job-1': { state: 'exited', exitCode: 0, fingerprint } })
    const ledger = { photos: { ...have.ledger['photos']!, containers: { 'stack-photos-job-1': fingerprint } } }

    expect(planText(jobs, { ...have, ledger })).toBe('')
  })

  it('is started after we stopped it, although its program ended well and looks done', () => {
    const worker = { services: { web: { image: 'worker:1', restart: 'no' } } } as const
    const stopped = applied(desired([stacklet('photos', { ...worker, state: 'stopped' })]))
    const have = { ...stopped, containers: stopped.containers.map((one) => ({ ...one, exitCode: 0, fingerprint: {} })) }
    const ledger = { photos: { ...stopped.ledger['photos']!, containers: { [web]: {} } } }

    expect(planText(desired([stacklet('photos', worker)]), { ...have, ledger })).toContain('stopped')
  })

  it('without a Compose file is set up, and that is all', () => {
    const bare = desired([stacklet('photos', { services: {} })])

    expect(planText(bare, actual())).toMatchInlineSnapshot(`
      "photos
        + write-env                    missing
        · await-health                 not confirmed
        + finish-setup                 first healthy start"
    `)
    expect(planText(bare, applied(bare))).toBe('')
  })
})

describe('declared stopped', () => {
  const want = desired([stacklet('photos', { state: 'stopped' })])
  const running = applied(desired([stacklet('photos')]))

  it('is stopped when it runs', () => {
    expect(planText(want, running)).toMatchInlineSnapshot(`
      "photos
        - stop                         declared stopped"
    `)
  })

  it.each(['paused', 'restarting'] as const)('is stopped when it is %s', (state) => {
    const have = applied(desired([stacklet('photos')]), { [web]: { state } })

    expect(planText(want, have)).toContain('- stop')
  })

  it('is left alone when it does not run, whatever has changed', () => {
    const changed = desired([stacklet('photos', { state: 'stopped', env: { MODE: 'new' } })])

    expect(planText(changed, applied(want))).toBe('')
  })

  it('is not made', () => {
    expect(planText(want, actual())).toBe('')
  })

  it('stops what is left of it when its Compose file is gone', () => {
    const bare = desired([stacklet('photos', { state: 'stopped', services: {} })])

    expect(planText(bare, running)).toContain('- stop')
  })
})

describe('declared paused', () => {
  const want = desired([stacklet('photos', { state: 'paused' })])

  it('has nothing to do when it is paused', () => {
    expect(planText(want, applied(want))).toBe('')
  })

  it('runs first', () => {
    expect(planText(want, actual({ networks: ['stack'] }))).toMatchInlineSnapshot(`
      "photos
        + write-env                    missing
        + pull-image server:1          missing
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start
        ~ pause                        declared paused"
    `)
  })

  it('is paused when it runs', () => {
    const have = applied(desired([stacklet('photos')]))

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        ~ pause                        declared paused"
    `)
  })

  it('is paused once more when a run died before it noted that it was', () => {
    const have = applied(want)
    const ledger = { photos: { ...have.ledger['photos']!, state: 'running' as const } }

    expect(planText(want, { ...have, ledger })).toContain('declared paused')
  })

  it('is unpaused to be changed, and paused again', () => {
    const changed = desired([stacklet('photos', { state: 'paused', env: { MODE: 'new' } })])

    expect(planText(changed, applied(want))).toMatchInlineSnapshot(`
      "photos
        ~ write-env                    values changed
        ~ unpause                      paused
            stack-photos-web-1 State.Status: paused → running  (changed on the host)
        ± replace                      values changed
            stacklet.toml: 3945677f2d16 → 62a91cb5de92  (commit c0ffee1)
            env MODE: none → new  (it is new)
        · await-health                 started
        ~ pause                        declared paused"
    `)
  })

  it('is paused when all that can be is: a job that did its work cannot', () => {
    const services = { web: {}, job: { image: 'job:1', restart: 'no' } } as const
    const jobs = desired([stacklet('photos', { state: 'paused', services })])
    const done = { state: 'exited', exitCode: 0, fingerprint: {} } as const
    const have = applied(jobs, { 'stack-photos-job-1': done })
    const entry = have.ledger['photos']!
    const ledger = { photos: { ...entry, containers: { ...entry.containers, 'stack-photos-job-1': {} } } }

    expect(planText(jobs, { ...have, ledger })).toBe('')
  })
})

describe('declared absent', () => {
  const want = desired([stacklet('photos', { state: 'absent' })])

  it('is removed, its data moved to the trash, and forgotten', () => {
    expect(planText(want, applied(desired([stacklet('photos')])))).toMatchInlineSnapshot(`
      "photos
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })

  it('has nothing to do when it was never there', () => {
    expect(planText(want, actual())).toBe('')
  })

  it('is removed by its labels when the ledger does not know it', () => {
    const have = actual({ containers: [container(web, { project: 'stack-photos', stacklet: 'photos' })] })

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        - remove                       declared absent
        - forget                       declared absent"
    `)
  })

  it('takes nothing of a stranger with it', () => {
    const have = and(actual(), container(web, { instance: null, project: 'stack-photos', service: 'web' }))

    expect(planText(want, have)).toBe('')
  })
})
