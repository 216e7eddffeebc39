import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { mustSee } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { filesWith, foundIn, watchCommandLines, waysToWrite } from './support/leaks.ts'
import { failingStacklets, wellStacklet } from './support/secret-stacklets.ts'
import { desiredRunning } from './support/stacklets.ts'

const canary = uniqueName('canary')
const plain = `${canary}-plain`
const weird = `${canary}-weird$HOME \${A} $$ "q" 'a' \\ \\n #\`{x} {{y}}\nsecond line é 日\ttab=`
const composed = `postgres://app:${plain}@db/x?y=1`
const inHex = Buffer.from(canary).toString('hex')

const onEnd = atTheEnd()
let host: Instance
let ok: string
let failing: Awaited<ReturnType<typeof failingStacklets>>
let needles: readonly string[]
const answers: (Pick<Answer, 'stdout' | 'stderr'> & { readonly words: string })[] = []
let leakingCommandLines: readonly string[]
let commandLinesSeen: number

beforeAll(async () => {
  const well = await wellStacklet()
  failing = await failingStacklets()
  ok = well.id
  const all = [well, ...Object.values(failing)]
  const files = Object.assign({}, ...all.map((one) => one.files))
  host = await makeInstance({ ...files, ...desiredRunning(...all.map((one) => one.id)) }, { onEnd })
  await mkdir(join(host.folder, 'tmp'))
  await host.write('.gitignore', '.stack/\n.env\ndata/\ntmp/\n')
  const [hand, handWeird] = [JSON.stringify(plain), JSON.stringify(weird)]
  await host.write('.stack/secrets.toml', `global__HAND = ${hand}\nglobal__WEIRD = ${handWeird}\n`)
  await host.commit('first')
  const watch = await watchCommandLines([canary, inHex])
  await ask('reconcile', 'reconcile --json')
  needles = [canary, inHex, 'second line é', ...[plain, weird, composed, await generated()].flatMap(waysToWrite)]
  await ask('plan', 'plan --json', 'status', 'status --json', 'list', 'list --json', 'validate', 'validate --json')
  for (const { id } of all) await ask(`env ${id}`, `env ${id} --json`)
  await host.docker(['rm', '--force', `stack-${ok}`])
  await ask('plan', 'plan --json', 'plan --ref HEAD', 'status', 'reconcile')
  leakingCommandLines = await watch.end()
  commandLinesSeen = watch.seen()
})

describe('a value that was set by hand', () => {
  it('arrives intact in the container, through env_file and through a variable', async () => {
    const { env, labels } = await mustSee(host.docker, `stack-${ok}`)

    expect(env).toMatchObject({ HAND: plain, WEIRD: weird, COMPOSED: composed })
    expect(env).toMatchObject({ VAR_HAND: plain, VAR_WEIRD: weird, VAR_COMPOSED: composed })
    expect(labels['a.label']).toBe(weird)
    for (const name of ['WEIRD', 'VAR_WEIRD']) {
      expect(await host.docker(['exec', `stack-${ok}`, 'sh', '-c', `printf %s "$${name}"`])).toBe(weird)
    }
  })

  it('and a generated one are shown by env only when asked for', async () => {
    const hidden = await host.stack('env', ok, '--json')
    const shown = await host.stack('env', ok, '--show-secrets', '--json')
    const inText = await host.stack('env', ok, '--show-secrets')

    expect(hidden.json.env).toMatchObject({
      HAND: '***',
      WEIRD: '***',
      COMPOSED: '***',
      GENERATED: '***',
      OPEN: 'open',
    })
    expect(shown.json.env).toMatchObject({
      HAND: plain,
      WEIRD: weird,
      COMPOSED: composed,
      GENERATED: await generated(),
    })
    expect(inText.stdout).toContain(`HAND=${plain}`)
  })
})

describe('no secret is shown', () => {
  it('by any command, whatever it is asked and however it fails', () => {
    const leaking = answers.filter(({ stdout, stderr }) => foundIn(stdout + stderr, needles).length > 0)

    expect(leaking.map(({ words, stdout, stderr }) => `${words}: ${stdout}${stderr}`)).toEqual([])
    expect(answers.length).toBeGreaterThan(20)
  })

  it('in the words of what fails, which are still told', async () => {
    const told = answers.map(({ stdout, stderr }) => stdout + stderr).join('\n')

    expect(told).toContain(`stack-${failing.crash.id} exited with 3`)
    expect(told).toContain('dying with ***')
    expect(told).toContain(`stack-${failing.sick.id} fails its health check`)
    expect(told).toContain('hostPort: ***')
    expect(told).toMatch(/got \\?"\*\*\* at your service/)
    expect(told).toMatch(/connection refused/)
  })

  it('in any file but .env, secrets.toml, resolved documents and good versions, and nobody else may read those', async () => {
    const holders = await filesWith(host.folder, needles)
    const modes = await Promise.all(holders.map(async (path) => (await stat(join(host.folder, path))).mode & 0o777))

    const allowed =
      /^(stacklets\/[^/]+\/\.env|\.stack\/(secrets\.toml|compose\/[^/]+\.yml|good\/[^/]+\/version\.json))$/
    expect(holders.filter((path) => !allowed.test(path))).toEqual([])
    expect(holders).toContain(`stacklets/${ok}/.env`)
    expect(modes.map((mode) => mode.toString(8))).toEqual(holders.map(() => '600'))
  })

  it('in the command line of any process', () => {
    expect(leakingCommandLines).toEqual([])
    expect(commandLinesSeen).toBeGreaterThan(10)
  })
})

async function ask(...lines: readonly string[]): Promise<void> {
  const asked = lines.map(async (words) => {
    const env = { STACK_LOG: 'trace', TMPDIR: join(host.folder, 'tmp') }
    return { ...(await host.stackWith(env, ...words.split(' '))), words }
  })
  answers.push(...(await Promise.all(asked)))
}

async function generated(): Promise<string> {
  const value = new RegExp(`${ok}__GENERATED = "([A-Za-z0-9]{32})"`).exec(await host.read('.stack/secrets.toml'))?.[1]
  if (value === undefined) throw new Error('no secret was generated')
  return value
}
