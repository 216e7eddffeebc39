import { expect, it } from 'vitest'
import { hookEvents } from '../../reconciler/model/hook.ts'
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
