import { freePort, uniqueName } from '../../engine/ports.ts'
import { testEngine } from '../../engine/test-engine.ts'
import { webStacklet } from './stacklets.ts'

const env = `
[env]
generate = ["GENERATED"]
[env.defaults]
OPEN = "open"
HAND = "{global__HAND}"
WEIRD = "{global__WEIRD}"
COMPOSED = "postgres://app:{global__HAND}@db/x?y=1"
`

function check(port: number, more: string): string {
  const url = `http://127.0.0.1:${port}/?token={global__HAND}`
  return `${env}\n[health]\ntimeout = "1s"\n[[health.checks]]\nurl = "${url}"\n${more}\n`
}

const header = 'headers = { Authorization = "Bearer {global__HAND}" }'

/** Takes the secrets in every way, and is well. */
export async function wellStacklet(): Promise<Stacklet> {
  const port = await freePort()
  const service = `    command: ["sh", "-c", "exec httpd -f -p 80 -h /www", "\${HAND}"]
    healthcheck: { test: ["CMD-SHELL", "echo \${HAND}; true"], interval: 200ms }
    labels: { a.label: "\${WEIRD}" }
    environment:
      VAR_HAND: "\${HAND}"
      VAR_WEIRD: "\${WEIRD}"
      VAR_COMPOSED: \${COMPOSED}
`
  return made('ok', { port, manifest: check(port, header), service })
}

/** Each takes the secrets and fails in a way in which somebody else's words are told. */
export async function failingStacklets() {
  const [echoPort, gonePort] = [await freePort(), await freePort()]
  const { busybox } = testEngine().images
  const dies = 'echo "dying with $$HAND and $$WEIRD and $$COMPOSED" >&2; exit 3'
  const repeats = 'mkdir /www; echo $$HAND at your service > /www/index.html; exec httpd -f -p 80 -h /www'
  return {
    crash: made('crash', { manifest: env, image: busybox, restart: 'no', service: shell(dies) }),
    sick: made('sick', {
      manifest: env,
      service: '    healthcheck: { test: ["CMD-SHELL", "echo $$HAND; exit 1"], interval: 200ms, retries: 1 }\n',
    }),
    port: made('port', { manifest: env, service: `    ports: ["\${HAND}:80"]\n` }),
    echo: made('echo', {
      port: echoPort,
      manifest: check(echoPort, 'expect = "nothing"'),
      image: busybox,
      service: `    init: true\n${shell(repeats)}`,
    }),
    gone: made('gone', { manifest: check(gonePort, header) }),
  }
}

interface Stacklet {
  readonly id: string
  readonly files: Readonly<Record<string, string>>
}

function made(stem: string, parts: Omit<Parameters<typeof webStacklet>[0], 'id'>): Stacklet {
  const id = uniqueName(stem)
  return { id, files: webStacklet({ id, ...parts }) }
}

function shell(words: string): string {
  return `    command: ["sh", "-c", ${JSON.stringify(words)}]\n`
}
