import { expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { everyHook, hookedInstance, hookedStacklet, hooksOnly, logged, uniqueId } from './fixtures/hooked.ts'
import { mustSee } from './support/containers.ts'
import { commandLine, type Instance } from './support/instance.ts'

const count = (many: number): readonly number[] => Array.from({ length: many }, (_, index) => index)

/** A command that keeps a secret of its stacklet, through the same door as a hook. */
const keep = `HELP = "Keep a secret"


def run(args, stacklet, config):
    config["stack"].secrets.set(stacklet["id"], args[0], args[1])
`

const heading = '# what must be true here\n[reconcile]\nconcurrency = 2  # two at a time\n'

it('thirty verbs at once lose no edit and no secret, run no hook twice, and say for whom they wait', async () => {
  const fresh = count(6).map((index) => uniqueId(`fresh${index}`))
  const old = count(6).map((index) => uniqueId(`old${index}`))
  const manifest = '\n[env]\ngenerate = ["PASSWORD"]\n'
  const files = [...fresh, ...old].map((id, index) =>
    index % 6 === 0 ? hookedStacklet({ id, hooks: everyHook(), manifest }) : hooksOnly(id, everyHook(), manifest),
  )
  const host = await hookedInstance({
    ...Object.assign({}, ...files),
    [`stacklets/${old[5]}/cli/keep.py`]: keep,
    'desired/desired.toml': heading + old.map((id) => `\n# ${id} was here first\n[stacklets.${id}]\n`).join(''),
  })
  await host.commit()
  expect((await host.stack('reconcile')).code).toBe(0)
  await logged(host)

  const lines: readonly (readonly [line: string, input?: string])[] = [
    ...fresh.map((id) => [`up ${id}`] as const),
    ...old.slice(0, 4).map((id) => [`down ${id}`] as const),
    ...old.slice(4).map((id) => [`setup ${id}`] as const),
    ...count(6).map((index) => [`secrets set global__SET${index}`, `set-${index}\n`] as const),
    ...count(6).map((index) => [`${old[5]} keep KEPT${index} kept-${index}`] as const),
    ...count(4).map(() => ['reconcile'] as const),
    ['status --json'],
    ['plan --ref HEAD --json'],
  ]
  expect(lines).toHaveLength(30)
  const answers = await Promise.all(lines.map(([line, input]) => stack(host, line, input)))

  const told = answers.map(
    ({ exitCode, stdout, stderr }, index) => [lines[index]?.[0], exitCode, stdout + stderr] as const,
  )
  const isPlan = (line: string | undefined): boolean => line?.startsWith('plan') === true
  expect(told.filter(([line, code]) => code !== 0 && !(isPlan(line) && code === 2))).toEqual([])
  const waits = told.flatMap(([, , text]) => text.split('\n').filter((line) => line.startsWith('waiting: ')))
  expect(waits.length).toBeGreaterThan(5)
  for (const line of waits) expect(line).toMatch(/pid \d+ (\(stack \w+.*\) since|edits desired)|another process/)

  const hooks = await logged(host)
  const first = ['on_configure', 'on_install', 'on_start', 'on_install_success', 'on_start_ready']
  expect([...hooks].sort()).toEqual(
    [
      ...fresh.flatMap((id) => first.map((event) => `${id} ${event}`)),
      ...old.slice(0, 4).map((id) => `${id} on_stop`),
      ...old.slice(4).map((id) => `${id} on_install_success`),
    ].sort(),
  )
  const desired = await host.read('desired/desired.toml')
  expect(desired.startsWith(heading)).toBe(true)
  for (const [index, id] of old.entries())
    expect(desired).toContain(`# ${id} was here first\n[stacklets.${id}]\n${index < 4 ? 'state = "stopped"\n' : ''}`)
  for (const id of fresh) expect(desired).toContain(`[stacklets.${id}]\n`)
  expect(await host.git('status', '--porcelain')).toBe('')
  expect((await host.git('log', '--format=%s')).split('\n').sort()).toEqual(
    ['change', ...fresh.map((id) => `stack up ${id}`), ...old.slice(0, 4).map((id) => `stack down ${id}`)].sort(),
  )

  const secrets = await host.read('.stack/secrets.toml')
  for (const index of count(6)) {
    expect(secrets).toContain(`global__SET${index} = "set-${index}"\n`)
    expect(secrets).toContain(`${old[5]}__KEPT${index} = "kept-${index}"\n`)
  }
  for (const id of [...fresh, ...old]) expect(secrets).toMatch(new RegExp(`^${id}__PASSWORD = "\\w{32}"$`, 'm'))
  expect((await mustSee(host.docker, `stack-${fresh[0]}`)).state).toBe('running')
  expect((await mustSee(host.docker, `stack-${old[0]}`)).state).toBe('exited')
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
}, 600_000)

function stack({ env, folder }: Instance, line: string, input?: string) {
  return run(commandLine(line.split(' ')), { cwd: folder, env, input })
}
