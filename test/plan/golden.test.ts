import { expect, it } from 'vitest'
import type { Fingerprint } from '../../reconciler/model/actual.ts'
import { hookEvents } from '../../reconciler/model/hook.ts'
import type { Digest } from '../../reconciler/model/names.ts'
import { and, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const hooks = Object.fromEntries(hookEvents.map((event) => [`hooks/${event}.sh`, 'pass']))
const voice =
  'id = "voice"\ntype = "host"\n[services.whisper]\ncheck_url = "http://127.0.0.1:9000"\nstart = "whisper &"\n'

/** Eight stacklets a week ago: all of them ran. */
const lastWeek: readonly StackletIntent[] = [
  stacklet('core', {
    services: { caddy: { image: 'caddy:2', port: 80, mounts: ['conf'] } },
    files: { 'conf/Caddyfile': 'a' },
  }),
  stacklet('photos', {
    requires: ['core'],
    services: { web: { port: 2283 }, db: { image: 'postgres:16' } },
    generate: ['DB_PASSWORD'],
  }),
  stacklet('wiki', { requires: ['core'], services: { web: { build: 'app' } }, files: { 'app/main.js': '1' } }),
  stacklet('games', { services: { web: { port: 8080 } }, files: hooks }),
  stacklet('music', { requires: ['core'] }),
  stacklet('notes'),
]

/** And today: one of each kind of thing happened. */
const today: readonly StackletIntent[] = [
  { ...lastWeek[0]!, files: { 'conf/Caddyfile': 'b' } },
  { ...lastWeek[1]!, override: { TZ: 'Europe/Berlin' } },
  { ...lastWeek[2]!, files: { 'app/main.js': '2' } },
  { ...lastWeek[3]!, state: 'absent' },
  { ...lastWeek[4]!, state: 'paused' },
  { ...lastWeek[5]!, state: 'unlisted' },
  stacklet('chess', { requires: ['core'], services: { web: { port: 8080 } }, files: hooks, generate: ['KEY'] }),
  stacklet('voice', { manifest: voice, services: {} }),
]

it('a whole host is one text', async () => {
  const stray = container('stack-wiki-search-1', { project: 'stack-wiki', stacklet: 'wiki', service: 'search' })
  const drifted = { 'stack-photos-db-1': { state: 'exited', exitCode: 137 } } as const
  const have = and(applied(desired(lastWeek), drifted), stray)
  const secrets = { photos__DB_PASSWORD: 'value of photos__DB_PASSWORD' }

  const text = planText(desired(today, { secrets }), have)

  await expect(`${text}\n`).toMatchFileSnapshot('../golden/host.plan')
})

/** What somebody did to the same host at night, one thing to a stacklet. */
it('a night of handiwork is one text, and fits in 80 columns', async () => {
  const want = desired(lastWeek)
  const have = applied(want)
  const fingerprints: Readonly<Record<string, Fingerprint>> = {
    'stack-core-caddy-1': { 'Networks.bridge': 'attached', 'HostConfig.Memory': '67108864' },
    'stack-photos-web-1': { 'Config.Env.UPLOAD_LIMIT': '4b5e57f6eb2f', 'HostConfig.CapAdd': 'SYS_ADMIN' },
    'stack-photos-db-1': { Image: 'sha256:0f0a1c2b3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8' },
  }
  const states = { 'stack-games-web-1': { state: 'paused' }, 'stack-music-web-1': { health: 'unhealthy' } } as const
  const containers = have.containers.map((one) => {
    const renamed = one.name === 'stack-notes-web-1' ? { name: 'notes' } : {}
    const fingerprint = { ...one.fingerprint, ...fingerprints[one.name], Name: renamed.name ?? one.name }
    return { ...one, ...renamed, ...states[one.name as keyof typeof states], fingerprint }
  })
  const files = { ...have.files, wiki: { ...have.files['wiki']!, env: 'edited' as Digest } }

  const text = planText(want, { ...have, containers, files })

  await expect(`${text}\n`).toMatchFileSnapshot('../golden/handiwork.plan')
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
})
