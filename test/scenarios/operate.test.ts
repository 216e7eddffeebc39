import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeAll, describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { commandLine, type Instance, makeInstance } from './support/instance.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const id = uniqueName('talk')
const onEnd = atTheEnd()
let host: Instance
let port: number

/** A web server that talks on both streams, and a worker beside it. */
function talkingFiles(): Record<string, string> {
  const { images } = testEngine()
  const talk = 'echo hello out; echo hello err >&2; exec httpd -f -p 80'
  const service = `    command: ["sh", "-c", "${talk}"]
  stack-${id}-worker:
    image: ${images.busybox}
    container_name: stack-${id}-worker
    init: true
    restart: unless-stopped
    networks: [stack]
    command: ["sh", "-c", "printf '\\\\033[31mred\\\\033[0m\\\\r\\\\n'; exec sleep 1000"]
`
  return { ...webStacklet({ id, port, service }), ...desiredRunning(id) }
}

const command = `import { writeFileSync } from 'node:fs'
export const HELP = 'say what you were told'
export function run(args, stacklet, config) {
  console.log(JSON.stringify({ args, argv: process.argv.slice(3), id: stacklet }))
  process.exit(7)
}
`

beforeAll(async () => {
  port = await freePort()
  host = await makeInstance({ ...talkingFiles(), [`stacklets/${id}/cli/tell.js`]: command }, { onEnd })
  await host.commit('first')
  const run = await host.stack('reconcile')
  expect(run, run.stderr).toMatchObject({ code: 0 })
})

describe('ps', () => {
  it('lists the containers of this instance and no other', async () => {
    const stranger = uniqueName('stranger')
    const { docker, images } = testEngine()
    await docker([
      'run',
      '--detach',
      '--rm',
      '--name',
      stranger,
      '--stop-timeout',
      '0',
      images.busybox,
      'sleep',
      '1000',
    ])

    const text = await host.stack('ps')
    const { json } = await host.stack('ps', '--json')
    await docker(['rm', '--force', stranger])

    expect(json).toMatchObject({ version: 1 })
    expect(json.containers).toMatchObject([
      {
        stacklet: id,
        service: `stack-${id}`,
        name: `stack-${id}`,
        state: 'running',
        health: 'none',
        image: expect.stringContaining('web'),
      },
      { stacklet: id, service: `stack-${id}-worker`, name: `stack-${id}-worker`, ports: [] },
    ])
    expect(json.containers[0].ports).toEqual([`0.0.0.0:${port}/tcp`])
    expect(text.stdout).toMatch(/^STACKLET +SERVICE +NAME +STATE +HEALTH +PORTS +IMAGE\n/)
    expect(text.stdout).not.toContain(stranger)
  })

  it('is empty for a stacklet that runs nothing, and an error for one that is not there', async () => {
    expect(await host.stack('ps', 'nope', '--json')).toMatchObject({
      code: 1,
      json: { error: { code: 'STACK_UNKNOWN_STACKLET' } },
    })
  })
})

describe('logs', () => {
  it('shows the lines of all services behind their names, each stream where it belongs, without colours', async () => {
    const { code, stdout, stderr } = await host.stack('logs', id)

    expect(code).toBe(0)
    expect(stdout.split('\n').sort()).toEqual(['', `stack-${id}        | hello out`, `stack-${id}-worker | red`])
    expect(stderr).toBe(`stack-${id}        | hello err\n`)
  })

  it('shows the last lines only when asked', async () => {
    expect(await host.stack('logs', id, '--tail', '0')).toMatchObject({ code: 0, stdout: '' })
    expect((await host.stack('logs', id, '--tail', 'all')).stdout).toContain('hello out')
    expect(await host.stack('logs', id, '--tail', 'some')).toMatchObject({ code: 64 })
  })

  it('says that there is no such stacklet, and that there is no engine', async () => {
    const nowhere = { DOCKER_HOST: `unix://${host.folder}/none.sock` }

    expect(await host.stack('logs', 'nope')).toMatchObject({ code: 1, stdout: '' })
    expect(await host.stackWith(nowhere, 'logs', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no Docker engine answers at'),
    })
  })

  it('follows a container through a restart and into its successor, once each, until it is interrupted', async () => {
    const words = commandLine(['logs', id, '-f'])
    const child = spawn(words[0] ?? '', words.slice(1), { cwd: host.folder, env: { ...host.env } })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
    })
    const times = () => said.split('hello out').length - 1
    try {
      await expect.poll(times, { timeout: 20_000 }).toBe(1)
      await host.docker(['restart', '--time', '0', `stack-${id}`])
      await expect.poll(times, { timeout: 20_000 }).toBe(2)
      await host.docker(['rm', '--force', `stack-${id}`])
      const healed = await host.stack('reconcile')
      expect(healed, healed.stderr).toMatchObject({ code: 0 })
      await expect.poll(times, { timeout: 20_000 }).toBe(3)
      await host.docker(['exec', `stack-${id}`, 'sh', '-c', 'echo goodbye > /proc/1/fd/1'])
      await expect.poll(() => said, { timeout: 20_000 }).toContain('| goodbye')
    } finally {
      child.kill('SIGINT')
    }
    const [code] = await once(child, 'close')

    expect(code).toBe(130)
    expect(times()).toBe(3)
  })
})

describe('exec', () => {
  it('runs in the service that answers for the stacklet, and passes words, output and exit code through', async () => {
    const answer = await host.stack(
      'exec',
      id,
      '--',
      'sh',
      '-c',
      'echo "$1 $(hostname)"; echo oops >&2; exit 42',
      '-',
      '--json',
    )

    expect(answer).toMatchObject({ code: 42, stderr: 'oops\n' })
    expect(answer.stdout).toMatch(/^--json [0-9a-f]{12}\n$/)
    expect((await host.stack('exec', id, '--', 'cat', '/www/index.html')).stdout).toBe('web 1\n')
  })

  it('takes a service by its name, or by the end of it', async () => {
    for (const service of [`stack-${id}-worker`, 'worker']) {
      const answer = await host.stack('exec', id, service, '--', 'cat', '/proc/1/comm')
      expect(answer.stdout.trim(), service).not.toBe('httpd')
      expect(answer.code).toBe(0)
    }
    expect(await host.stack('exec', id, 'db', '--', 'true')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining(`stack-${id}, stack-${id}-worker`),
    })
  })

  it('gives the program our stdin to its end, and answers all it writes', async () => {
    const words = commandLine(['exec', id, '--', 'sh', '-c', 'cat; echo end'])
    const child = spawn(words[0] ?? '', words.slice(1), { cwd: host.folder, env: { ...host.env } })
    const bytes = Buffer.alloc(3_000_000, 'abcdefg\n')
    const received: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => received.push(chunk))
    child.stdin.end(bytes)

    const [code] = await once(child, 'close')

    expect(code).toBe(0)
    expect(Buffer.concat(received).equals(Buffer.concat([bytes, Buffer.from('end\n')]))).toBe(true)
  })

  it('answers as a shell does where the program cannot be started', async () => {
    expect(await host.stack('exec', id, '--', 'no-such-program')).toMatchObject({ code: 127 })
    expect(await host.stack('exec', id, '--', '/etc/hosts')).toMatchObject({ code: 126 })
  })

  it('is wrong usage without a command', async () => {
    expect(await host.stack('exec', id)).toMatchObject({ code: 64 })
    expect(await host.stack('exec', id, '--')).toMatchObject({ code: 64 })
    expect(await host.stack('exec', 'nope', '--', 'true')).toMatchObject({ code: 1 })
  })
})

describe("a stacklet's own commands", () => {
  it('get their words untouched, and their exit code is ours', async () => {
    const answer = await host.stack(id, 'tell', '--json', '--help', '--', '-x', 'a b')

    expect(answer, answer.stderr).toMatchObject({ code: 7 })
    expect(answer.json.argv).toEqual(['--json', '--help', '--', '-x', 'a b'])
  })

  it('are listed with their help', async () => {
    for (const words of [[id], [id, '--help'], ['help', id]]) {
      const answer = await host.stack(...words)
      expect(answer, words.join(' ')).toMatchObject({ code: 0 })
      expect(answer.stdout).toMatch(/tell +say what you were told/)
    }
  })

  it('are wrong usage where there is none of that name, and so is a word that is nothing at all', async () => {
    expect(await host.stack(id, 'tel')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean tell?'),
    })
    expect(await host.stack(id.slice(0, -1))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining(`did you mean ${id}?`),
    })
    expect(await host.stack('plam', '--json')).toMatchObject({ code: 64, json: { error: { code: 'STACK_USAGE' } } })
  })
})

describe('completion', () => {
  it('knows commands, options, stacklets and their commands, without an engine', async () => {
    const nowhere = { DOCKER_HOST: `unix://${host.folder}/none.sock` }
    const ask = async (...words: string[]) =>
      (await host.stackWith(nowhere, '__complete', ...words)).stdout.split('\n').filter((line) => line !== '')

    expect(await ask('rec')).toEqual(['reconcile'])
    expect(await ask(id.slice(0, -2))).toEqual([id])
    expect(await ask('status', '')).toEqual([id])
    expect(await ask('plan', '--r')).toEqual(['--ref'])
    expect(await ask('plan', '--out', '')).toEqual([])
    expect(await ask('status', '--json', '')).toEqual([id])
    expect(await ask('plan', '--out', 'plan.json', '')).toEqual([id])
    expect(await ask(id, 't')).toEqual(['tell'])
    expect(await ask('completion', '')).toEqual(['bash', 'fish', 'zsh'])
    expect(await ask('exec', id, '--', '')).toEqual([])
    expect(await ask('nope', '')).toEqual([])
  })

  it('works in bash', async () => {
    const script = `${(await host.stack('completion', 'bash')).stdout}
      stack() { ${commandLine([]).join(' ')} "$@"; }
      COMP_WORDS=(stack status ${id.slice(0, -2)}); COMP_CWORD=2; _stack_complete; echo "\${COMPREPLY[@]}"`
    const child = spawn('bash', ['-c', script], { cwd: host.folder, env: { ...host.env } })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
    })
    await once(child, 'close')

    expect(said).toBe(`${id}\n`)
  })
})
