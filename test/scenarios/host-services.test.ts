import { afterEach, expect, it } from 'vitest'
import { freePort } from '../engine/ports.ts'
import { everyHook, hookedInstance, hooksOnly, leftRunning, logged, uniqueId } from './fixtures/hooked.ts'
import type { Instance } from './support/instance.ts'

interface HostStacklet {
  readonly host: Instance
  readonly id: string
  readonly url: string
  /** Declares its state, commits and reconciles. */
  readonly declare: (state: string) => Promise<readonly string[]>
}

let running: HostStacklet | null = null
/** A test that fails leaves no program behind. */
afterEach(async () => {
  await running?.declare('absent')
  running = null
})

/** A program of the host: a small web server in Python, started and stopped as a manifest would. */
async function hostStacklet(): Promise<HostStacklet> {
  const [id, port] = [uniqueId('native'), await freePort()]
  const url = `http://127.0.0.1:${port}/`
  const serve = `setsid python3 -m http.server --bind 127.0.0.1 --directory $STACK_INSTANCE/data/web ${port} > /dev/null 2>&1 & echo $! > $STACK_INSTANCE/data/pid`
  const manifest = `type = "host"
port = ${port}

[env.defaults]
GREETING = "hello"

[services.web]
name = "Web"
check_url = "http://localhost:{port_of_web}/"
start = """
echo "$STACK_ID starts $GREETING" >> $STACK_INSTANCE/data/hooks.log
mkdir -p $STACK_INSTANCE/data/web
${serve}
"""
stop = """
echo "$STACK_ID stops" >> $STACK_INSTANCE/data/hooks.log
kill $(cat $STACK_INSTANCE/data/pid) 2>/dev/null || true
"""
`.replace('{port_of_web}', `${port}`)
  const host = await hookedInstance({ ...hooksOnly(id, everyHook(), manifest), 'desired/desired.toml': '' })
  const declare = async (state: string): Promise<readonly string[]> => {
    await host.write('desired/desired.toml', `[stacklets.${id}]\nstate = "${state}"\n`)
    await host.commit(state)
    const run = await host.stack('reconcile')
    expect(run.code, run.stdout + run.stderr).toBe(0)
    return (await logged(host)).map((line) => line.replace(`${id} `, ''))
  }
  running = { host, id, url, declare }
  return running
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

it('starts a program of the host, heals it when it is gone, and stops it when it is declared stopped', async () => {
  const { host, id, url, declare } = await hostStacklet()
  const status = async () => (await host.stack('status', id, '--json')).json.stacklets[0]

  expect(await declare('running')).toEqual([
    ...['on_configure', 'on_install', 'on_start', 'starts hello'],
    ...['on_install_success', 'on_start_ready'],
  ])
  expect(await answers(url)).toBe(true)
  expect(await status()).toMatchObject({ state: 'running', inSync: true, drift: [] })
  expect(await declare('running'), 'nothing to do').toEqual([])
  expect((await host.stack('plan')).code).toBe(0)

  process.kill(Number(await host.read('data/pid')))
  expect(await answers(url)).toBe(false)
  const plan = await host.stack('plan', '--json')
  expect(plan.json.steps).toMatchObject([{ kind: 'start-service', because: 'not responding' }])
  expect(await status()).toMatchObject({ inSync: false })
  expect(await declare('running'), 'a heal').toEqual(['starts hello'])
  expect(await answers(url)).toBe(true)

  expect(await declare('stopped')).toEqual(['on_stop', 'stops'])
  expect(await answers(url)).toBe(false)
  expect(await status()).toMatchObject({ desired: 'stopped', state: 'stopped' })
  expect(await declare('stopped'), 'stopped already').toEqual([])

  expect(await declare('running')).toEqual(['on_start', 'starts hello', 'on_start_ready'])
  const restart = await host.stack('restart', id)
  expect(restart.code, restart.stderr).toBe(0)
  expect((await logged(host)).map((line) => line.replace(`${id} `, ''))).toEqual([
    ...['on_stop', 'stops', 'on_start', 'starts hello', 'on_start_ready'],
  ])
  expect(await declare('absent')).toEqual(['on_stop', 'stops', 'on_destroy'])
  expect(await answers(url)).toBe(false)
  expect(await declare('absent'), 'gone already').toEqual([])
  expect(await leftRunning(host)).toEqual([])
})

it('leaves alone what it did not start', async () => {
  const { host, url, declare } = await hostStacklet()
  const { port } = new URL(url)
  const { createServer } = await import('node:http')
  const foreign = createServer((_, answer) => answer.end('mine')).listen(Number(port), '127.0.0.1')

  const up = await declare('running')
  const down = await declare('stopped')
  const stillAnswers = await answers(url)
  foreign.close()

  expect(up).not.toContain('starts hello')
  expect(down).not.toContain('stops')
  expect(stillAnswers).toBe(true)
  expect(await leftRunning(host)).toEqual([])
})

it('says what a program printed that does not answer in time', async () => {
  const id = uniqueId('mute')
  const manifest = `type = "host"

[health]
timeout = 2

[services.web]
name = "Web"
check_url = "http://127.0.0.1:9/"
start = "echo cannot bind; echo its port is taken >&2"
`
  const desired = { 'desired/desired.toml': `[stacklets.${id}]\n` }
  const host = await hookedInstance({ ...hooksOnly(id, {}, manifest), ...desired })
  await host.commit()

  const run = await host.stack('reconcile')

  expect(run.code).toBe(1)
  expect(run.stderr).toContain(`Web of ${id} was started and does not answer`)
  expect(run.stderr).toContain('its port is taken')
})
