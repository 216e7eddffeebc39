import { expect, it } from 'vitest'
import { hookedInstance, hookedStacklet, leftRunning, logPath, uniqueId } from './fixtures/hooked.ts'
import { runAndKill, until } from './fixtures/killed-run.ts'
import { mustSee } from './support/containers.ts'
import type { Instance } from './support/instance.ts'
import { desiredRunning } from './support/stacklets.ts'

/** Each says when it begins and ends. The first time it starts something in a session of its own, and then hangs. */
const hooks = {
  'on_configure.py': `
import os, subprocess, time

def run(ctx):
    note = lambda word: os.write(log, f"on_configure {word}\\n".encode())
    log = os.open(ctx.env["STACK_INSTANCE"] + "/data/hooks.log", os.O_WRONLY | os.O_APPEND)
    note("begins")
    hung = ctx.env["STACK_INSTANCE"] + "/data/on_configure-hung"
    if not os.path.exists(hung):
        open(hung, "w").close()
        subprocess.Popen(["sleep", "4000"], start_new_session=True)
        time.sleep(4000)
    ctx.cfg("chosen", "yes")
    note("ends")
`,
  'on_install.sh': inShell('on_install'),
  'on_start.js': inNode('on_start'),
  'on_install_success.ts': inNode('on_install_success', "  ctx.secret('API_TOKEN', 'token-of-the-service')\n"),
  'on_start_ready.sh': inShell('on_start_ready'),
}

function inShell(event: string): string {
  return `
cd "$STACK_INSTANCE/data"
echo "${event} begins" >> hooks.log
test -e ${event}-hung || { touch ${event}-hung; setsid sleep 4000 & sleep 4000; }
echo "${event} ends" >> hooks.log
`
}

function inNode(event: string, more = ''): string {
  return `
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'

export async function run(ctx) {
  const data = ctx.env.STACK_INSTANCE + '/data'
  appendFileSync(data + '/hooks.log', '${event} begins\\n')
  if (!existsSync(data + '/${event}-hung')) {
    writeFileSync(data + '/${event}-hung', '')
    spawn('sleep', ['4000'], { detached: true, stdio: 'ignore' }).unref()
    await new Promise((resolve) => setTimeout(resolve, 4_000_000))
  }
${more}  appendFileSync(data + '/hooks.log', '${event} ends\\n')
}
`
}

const manifest = `
[env]
generate = ["PASSWORD"]
[env.defaults]
CHOSEN = "{ID_chosen}"
TOKEN = "{ID__API_TOKEN}"
`

async function instanceOf(id: string): Promise<Instance> {
  const stacklet = hookedStacklet({ id, hooks, manifest: manifest.replaceAll('ID', id) })
  const host = await hookedInstance({ ...stacklet, ...desiredRunning(id) })
  await host.commit()
  return host
}

it('killed inside each step and resumed ends where an undisturbed one ends, and repeats only what had not ended', async () => {
  const [id, calm] = [uniqueId('killed'), uniqueId('calm')]
  const [host, undisturbed] = await Promise.all([instanceOf(id), instanceOf(calm)])
  for (const event of ['on_configure', 'on_install', 'on_start', 'on_install_success', 'on_start_ready'])
    await undisturbed.write(`data/${event}-hung`, '')

  const killedIn: string[] = []
  for (;;) {
    const before = await host.read(logPath)
    const run = await runAndKill(host, async (step) => {
      if (killedIn.includes(step)) return false
      const [kind, , event] = step.split(' ')
      if (kind === 'run-hook') await until(`${event}-hung`, () => isThere(host, `data/${event}-hung`))
      return true
    })
    if (run.killedIn === null) {
      expect(run.code, run.stderr + before).toBe(0)
      break
    }
    killedIn.push(run.killedIn)
  }
  await undisturbed.stack('reconcile')

  expect(killedIn.filter((step) => step !== 'create-network stack')).toEqual([
    `write-secrets ${id}`,
    `run-hook ${id} on_configure`,
    `run-hook ${id} on_install`,
    `write-env ${id}`,
    `run-hook ${id} on_start`,
    `start ${id}`,
    `await-health ${id}`,
    `run-hook ${id} on_install_success`,
    `finish-setup ${id}`,
    `replace ${id}`,
    `run-hook ${id} on_start_ready`,
  ])
  const log = (await host.read(logPath)).split('\n')
  const count = (line: string): number => log.filter((one) => one === line).length
  for (const event of ['on_configure', 'on_install', 'on_install_success'])
    expect([event, count(`${event} begins`), count(`${event} ends`)]).toEqual([event, 2, 1])
  expect(await leftRunning(host)).toEqual([])
  expect(await endState(host, id)).toEqual(await endState(undisturbed, calm))
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', rounds: 0, steps: [] })
})

async function isThere(host: Instance, path: string): Promise<boolean> {
  return host.read(path).then(
    () => true,
    () => false,
  )
}

/** What a host has in the end, without what is different on every host: ids, times, values of secrets. */
async function endState(host: Instance, id: string) {
  const { env, state } = await mustSee(host.docker, `stack-${id}`)
  const ledger = JSON.parse(await host.read(`.stack/ledger/${id}.json`))
  const texts = {
    files: await host.git('status', '--porcelain', '--ignored', '-uall'),
    secrets: await host.read('.stack/secrets.toml'),
    settings: await host.read('.stack/settings.toml'),
    env: await host.read(`stacklets/${id}/.env`),
    inside: JSON.stringify([env['CHOSEN'], env['TOKEN'], env['PASSWORD']?.length]),
    owes: JSON.stringify([ledger.owes, Object.keys(ledger.inputs), Object.keys(ledger.files)]),
  }
  const inOrder = (text: string): string => text.split('\n').sort().join('\n')
  const plain = (text: string): string => inOrder(text.replaceAll(id, 'ID').replace(/\b[A-Za-z0-9]{32}\b/g, '***'))
  return { state, ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, plain(text)])) }
}
