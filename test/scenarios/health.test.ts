import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { type AnsweringServer, answeringServer, hangs, says } from './support/answering-server.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun } from './support/runs.ts'
import { webStacklet } from './support/stacklets.ts'

/** `URL` is where the server answers. */
type Row = readonly [name: string, health: string, fails: RegExp | null]

const checks = '[[health.checks]]\n'
const rows: readonly Row[] = [
  ['any 2xx is well', 'url = "URL/204"', null],
  ['a redirect is followed', 'url = "URL/moved"', null],
  ['500 is not', 'url = "URL/500"', /URL\/500 answered 500/],
  ['all of several have to answer', 'urls = ["URL/200", "URL/500"]', /URL\/500 answered 500/],
  ['401 without being expected is not', 'url = "URL/401"', /answered 401/],
  ['403 without being expected is not', 'url = "URL/403"', /answered 403/],
  ['401 is well where it is expected', 'url = "URL/401"\nexpect = "401"', null],
  ['200 is not where 401 is expected', 'url = "URL/200"\nexpect = 401', /answered 200, expected 401/],
  ['a status may be written as a number', 'url = "URL/200"\nexpect = 200', null],
  ['a body that is as expected', 'url = "URL/200"\nexpect = "pong"', null],
  ['a body that is not', 'url = "URL/200"\nexpect = "ping"', /got "pong" .*expected "ping"/],
  ['a value at a path', 'url = "URL/json"\npath = "$.res.state"\nexpect = "ready"', null],
  ['another value at the path', 'url = "URL/json"\npath = "$.res.state"\nexpect = "up"', /got "ready" at \$.res.state/],
  ['a number at the path', 'url = "URL/json"\npath = "$.count"\nexpect = 3', null],
  ['nothing at the path', 'url = "URL/json"\npath = "$.nope"\nexpect = "x"', /found nothing at \$.nope/],
  ['a path into what is no JSON', 'url = "URL/200"\npath = "$.res"', /not JSON/],
  ['headers are sent', `${checks}url = "URL/guarded"\nheaders = { Authorization = "Bearer {global__KEY}" }`, null],
  ['the wrong header', `${checks}url = "URL/guarded"\nheaders = { Authorization = "Bearer no" }`, /answered 401/],
  ['a name and a hint are told', `${checks}url = "URL/500"\nname = "the API"\nhint = "ask Ann"`, /the API .*ask Ann/],
  ['an address that is not configured is not asked', 'url = "{nothing_at_all}"', null],
  ['nobody there', 'url = "http://127.0.0.1:1/"', /connection refused/],
  ['no answer', 'url = "URL/hangs"', /no answer|not healthy after/],
]

const onEnd = atTheEnd()
let server: AnsweringServer
let host: Instance
let run: Answer
let status: Answer
const ids = rows.map((_, index) => uniqueName(`check${index}`))

beforeAll(async () => {
  server = await answeringServer({
    '/200': says(200, 'pong\n'),
    '/204': says(204),
    '/401': says(401),
    '/403': says(403),
    '/500': says(500),
    '/hangs': hangs,
    '/json': says(200, '{"res": {"state": "ready"}, "count": 3}'),
    '/moved': (_, answer) => void answer.writeHead(302, { location: '/200' }).end(),
    '/guarded': (asked, answer) =>
      void answer.writeHead(asked.headers.authorization === 'Bearer the-right-key' ? 200 : 401).end(),
  })
  const stacklets = rows.map(([, health], index) =>
    webStacklet({
      id: ids[index] ?? '',
      manifest: `[health]\ntimeout = "1s"\n${health.replaceAll('URL', server.url)}\n`,
    }),
  )
  const desired = `[reconcile]\nconcurrency = 8\n${ids.map((id) => `[stacklets.${id}]\n`).join('')}`
  host = await makeInstance({ ...Object.assign({}, ...stacklets), 'desired/desired.toml': desired }, { onEnd })
  await host.write('.stack/secrets.toml', 'global__KEY = "the-right-key"\n')
  run = await commitAndRun(host, 1)
  status = await host.stack('status', '--json')
})
afterAll(() => server.stop())

describe('a health check', () => {
  it.each(rows)('%s', (name, _, fails) => {
    const id = ids[rows.findIndex((row) => row[0] === name)] ?? ''
    const step = run.json.steps.find((one: { id: string }) => one.id === `await-health ${id}`)

    expect(step).toMatchObject({ result: fails === null ? 'done' : 'failed' })
    if (fails !== null) expect(step.error.message).toMatch(new RegExp(fails.source.replace('URL', server.url)))
    if (fails !== null) expect(step.error).toMatchObject({ code: 'STACK_UNHEALTHY', hint: expect.stringMatching(/./) })
  })

  it('says the same in status', () => {
    const health = status.json.stacklets.map((one: { id: string; health: string }) => [one.id, one.health])
    const expected = rows.map(([name, , fails], index) => [ids[index], healthOf(name, fails)])

    expect(new Map(health)).toEqual(new Map(expected as [string, string][]))
  })

  it('never shows a key that it sends', () => {
    expect(server.lastHeaders('/guarded')?.authorization).toMatch(/^Bearer/)
    expect(run.stdout + run.stderr + status.stdout).not.toContain('the-right-key')
  })
})

/** What is not asked says nothing about its health. */
function healthOf(name: string, fails: RegExp | null): string {
  if (fails !== null) return 'unhealthy'
  return name.includes('not configured') ? 'none' : 'healthy'
}
