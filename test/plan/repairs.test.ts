import { describe, expect, it } from 'vitest'
import type { Actual, Fingerprint, ObservedContainer } from '../../reconciler/model/actual.ts'
import type { Digest } from '../../reconciler/model/names.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { applied, networksOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const web = 'stack-photos-web-1'
const want = desired([stacklet('photos')])

/** The host as it was applied, with these fields of its container as they were then and as they are now. */
function since(then: Fingerprint, now: Fingerprint, more: Partial<ObservedContainer> = {}): Actual {
  const have = applied(want)
  const entry = have.ledger['photos']!
  const known = { [web]: { ...entry.containers[web], ...then } }
  const containers = have.containers.map((one) => {
    const kept = Object.entries({ ...one.fingerprint, ...now }).filter(([, value]) => value !== '')
    return { ...one, fingerprint: Object.fromEntries(kept), ...more }
  })
  return { ...have, containers, ledger: { photos: { ...entry, containers: known } } }
}

describe('what was done to a container by hand is undone on it', () => {
  it('limits and restart policy', () => {
    const then = { 'HostConfig.Memory': '67108864' }
    const now = { 'HostConfig.Memory': '134217728', 'HostConfig.RestartPolicy': '' }

    expect(planText(want, since(then, now))).toMatchInlineSnapshot(`
      "photos
        ~ update stack-photos-web-1    changed on the host
            HostConfig.Memory: 128 MiB → 64 MiB
            HostConfig.RestartPolicy: none → unless-stopped"
    `)
    const [step] = makePlan(want, since(then, now)).steps
    expect(step?.step).toMatchObject({
      containerId: `id of ${web}`,
      limits: {
        'HostConfig.Memory': '67108864',
        'HostConfig.MemorySwap': '',
        'HostConfig.RestartPolicy': 'unless-stopped',
      },
    })
  })

  it('its name', () => {
    const renamed = since({}, { Name: 'web' }, { name: 'web' })

    expect(planText(want, renamed)).toMatchInlineSnapshot(`
      "photos
        ~ rename web to stack-photos-web-1  changed on the host
            Name: web → stack-photos-web-1"
    `)
  })

  it('the networks that it is on, each as it was', () => {
    const then = { 'Networks.stack': 'web', 'Networks.photos_default': 'attached' }
    const now = { 'Networks.stack': 'other web', 'Networks.photos_default': '', 'Networks.bridge': 'attached' }
    const have = { ...since(then, now), networks: networksOf(['stack', 'bridge', 'photos_default']) }

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        ~ reconnect stack-photos-web-1 changed on the host
            Networks.bridge: attached → none
            Networks.photos_default: none → attached
            Networks.stack: other web → web"
    `)
    expect(makePlan(want, have).steps[0]?.step).toMatchObject({
      networks: [
        { network: 'bridge', endpoint: null, isAttached: true },
        { network: 'photos_default', endpoint: 'attached', isAttached: false },
        { network: 'stack', endpoint: 'web', isAttached: true },
      ],
    })
  })
})

describe('a new container is needed', () => {
  const own = 'Networks.photos_default'
  const peer = 'HostConfig.NetworkMode'

  it.each([
    ['for another environment', {}, { 'Config.Env.MODE': 'abc' }],
    ['for a network of the project that is gone', { [own]: 'attached' }, { [own]: '' }],
    [
      'where its network is another container',
      { [peer]: 'container:db' },
      { [peer]: 'container:db', 'Networks.x': 'x' },
    ],
    ['when something else changed, too', {}, { 'Config.Env.MODE': 'abc', 'HostConfig.Memory': '1' }],
  ] as readonly (readonly [string, Fingerprint, Fingerprint])[])('%s', (_, then, now) => {
    const { steps } = makePlan(want, since(then, now))

    expect(steps.map(({ step }) => step.kind)).toEqual(['replace', 'await-health'])
    expect(steps[0]?.step).toMatchObject({ services: ['web'], because: 'changed on the host' })
  })

  it('for a name that nobody applied', () => {
    const halfWay = since({}, { Name: `0123456789ab_${web}` }, { name: `0123456789ab_${web}` })

    expect(makePlan(want, halfWay).steps[0]?.step).toMatchObject({ kind: 'replace', services: ['web'] })
  })

  it('when its tag means another image now', () => {
    const have = { ...applied(want), images: new Map([['server:1', 'sha256:new']]) }

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        ± replace web                  changed on the host
            stack-photos-web-1 Image: sha256:server → sha256:new
              (server:1 means another image now)
        · await-health                 started"
    `)
  })
})

describe('another engine', () => {
  it('says the same things in other words: nothing of it is drift', () => {
    const have = { ...since({ 'HostConfig.Memory': '1' }, { 'HostConfig.Memory': '2' }), engine: '20.10.24' }

    expect(makePlan(want, have).steps).toEqual([])
  })
})

describe('a volume of another definition', () => {
  const part = (definition: string) => ({ name: 'photos_data', external: false, definition: definition as Digest })

  it('is made anew, and that is said to destroy data', () => {
    const [photos] = want.stacklets
    const project = { ...photos!.project!, volumes: [part('new')] }
    const have = applied(want)
    const entry = {
      ...have.ledger['photos']!,
      project: { ...project, volumes: [part('old')] },
      content: 'old' as Digest,
    }
    const volumes = new Map([['photos_data', { Driver: 'local' }]])
    const wanted = { ...want, stacklets: [{ ...photos!, project }] }

    expect(planText(wanted, { ...have, volumes, ledger: { photos: entry } })).toMatchInlineSnapshot(`
      "! held: replace-volume photos photos_data is held, because content changed
          save its data, then allow it with a commit that says Stack-Approve: 069e721e2ac5ab92"
    `)
  })
})
