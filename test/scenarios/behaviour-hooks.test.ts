import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyHook, hookedInstance, hookedStacklet, hooksOnly, logged, note, uniqueId } from './fixtures/hooked.ts'
import { mustSee } from './support/containers.ts'
import { desiredRunning } from './support/stacklets.ts'

/** Writes all it sees where the test can read it. */
const sees = `import json, os

def run(ctx):
    report = {}
    report["env"] = [ctx.env["GREETING"], os.environ["GREETING"]]
    report["secrets"] = [ctx.secret("OWN"), ctx.secret("SHARED"), ctx.secret("NONE")]
    ctx.secret("FRESH", "fresh-token")
    with open(ctx.env["STACK_INSTANCE"] + "/.stack/secrets.toml") as file:
        report["fresh"] = [ctx.secret("FRESH"), "FRESH" in file.read()]
    report["shell"] = ctx.shell("echo $GREETING to $STACK_ID; echo aside >&2")
    try:
        ctx.shell("echo it is there already >&2; exit 4")
    except RuntimeError as error:
        report["failed"] = str(error)
    ctx.cfg("name", "chosen")
    report["cfg"] = [ctx.cfg("name"), ctx.cfg("quality"), ctx.cfg("none", default="so")]
    report["item"] = [ctx["stacklet_id"], ctx["env"]["GREETING"]]
    ctx.step("looking around")
    with open(ctx.env["STACK_INSTANCE"] + "/data/report.json", "w") as file:
        json.dump(report, file)
`

it('a hook sees its environment, secrets and settings, and what it writes is there at once and nowhere else', async () => {
  const id = uniqueId('sees')
  const manifest = `[env]
generate = ["OWN"]
[env.defaults]
GREETING = "hello"
FAMSTACK_DOMAIN = "mine"
TOLD = "{${id}__FRESH} {${id}_name}"
`
  const words = 'echo "$FAMSTACK_DATA_DIR $FAMSTACK_DOMAIN $STACK_DOMAIN $GREETING" > "$STACK_INSTANCE/data/names"\n'
  const host = await hookedInstance({
    ...hookedStacklet({ id, manifest, hooks: { 'on_install.py': sees, 'on_start.sh': words } }),
    ...desiredRunning(id),
  })
  const settings = `${await host.read('stack.toml')}domain = "home.test"\n[other]\nname = "theirs"\n[${id}]\nquality = "high"\n`
  await host.write('stack.toml', settings)
  await host.write('.stack/settings.toml', '[other]\nname = "kept"\n')
  await host.write('.stack/secrets.toml', `${id}__OWN = "own"\nglobal__OWN = "all"\nglobal__SHARED = "shared"\n`)
  await host.commit('first')

  const up = await host.stack('up', id)

  expect(up, up.stderr).toMatchObject({ code: 0 })
  expect(up.stderr).toContain('looking around')
  expect(JSON.parse(await host.read('data/report.json'))).toEqual({
    env: ['hello', 'hello'],
    secrets: ['own', 'shared', null],
    fresh: ['fresh-token', true],
    shell: `hello to ${id}`,
    failed: expect.stringMatching(/^Command failed \(exit 4\): .*\nit is there already$/),
    cfg: ['chosen', 'high', 'so'],
    item: [id, 'hello'],
  })
  expect(await host.read('data/names')).toBe(`${host.folder}/data mine home.test hello\n`)
  expect((await mustSee(host.docker, `stack-${id}`)).env).toMatchObject({ TOLD: 'fresh-token chosen' })
  expect(await host.read('stack.toml')).toBe(settings)
  expect(await host.read('.stack/settings.toml')).toMatch(
    /^(#.*\n\n)?\[other\]\nname = "kept"\n\n\[\w+\]\nname = "chosen"\n$/,
  )
  expect(await host.read('.stack/secrets.toml')).toContain('global__SHARED = "shared"\n')
})

describe('a hook that fails', () => {
  const raises = 'def run(ctx):\n    raise ValueError("the album is full")\n'

  it('fails the up with its reason, told once, and fails the next one in the same way', async () => {
    const id = uniqueId('fails')
    const hooks = {
      ...everyHook(),
      'on_install_success.sh': `${note('on_install_success')}echo no album >&2; exit 3\n`,
    }
    const host = await hookedInstance({ ...hookedStacklet({ id, hooks }), 'desired/desired.toml': '' })
    await host.commit('first')

    for (const expected of [['on_configure', 'on_install', 'on_start'], []]) {
      const up = await host.stack('up', id)
      expect(up, up.stderr).toMatchObject({ code: 1 })
      const told = (up.stdout + up.stderr).match(/on_install_success of \S+ failed: no album \(exit 3\)/g)
      expect(told, up.stderr).toHaveLength(1)
      expect(up.stdout).not.toContain('is running')
      expect(await logged(host)).toEqual([...expected, 'on_install_success'].map((event) => `${id} ${event}`))
      expect(existsSync(join(host.folder, `.stack/${id}.setup-done`))).toBe(false)
    }
  })

  it('by an exception is told in the words of that, whichever hook it is', async () => {
    const [first, later] = [uniqueId('install'), uniqueId('start')]
    const host = await hookedInstance({
      ...hooksOnly(first, { 'on_install.py': raises }),
      ...hooksOnly(later, { 'on_start.js': 'export function run() {\n  throw new Error("no wood")\n}\n' }),
      'desired/desired.toml': '',
    })
    await host.commit('first')

    const answers = await Promise.all([host.stack('up', first), host.stack('up', later)])

    expect(answers.map(({ code }) => code)).toEqual([1, 1])
    expect(answers[0].stderr).toMatch(/on_install of \S+ failed: (ValueError: )?the album is full\n/)
    expect(answers[1].stderr).toMatch(/on_start of \S+ failed: (Error: )?no wood\n/)
    for (const { stderr } of answers) expect(stderr.match(/(the album is full|no wood)$/gm)).toHaveLength(2)
  })
})

it('a hook in two kinds is an error that names both, and neither runs', async () => {
  const id = uniqueId('twice')
  const hooks = {
    'on_install.py': 'def run(ctx):\n    ctx.shell("touch data/ran")\n',
    'on_install.sh': 'touch data/ran\n',
  }
  const host = await hookedInstance({ ...hooksOnly(id, hooks), ...desiredRunning(id) })
  await host.commit('first')

  const validate = await host.stack('validate')
  const run = await host.stack('reconcile')

  expect([validate.code, run.code]).toEqual([1, 1])
  for (const { stdout, stderr } of [validate, run])
    expect(stdout + stderr).toMatch(/on_install\.py and .*on_install\.sh|on_install\.sh and .*on_install\.py/)
  expect(existsSync(join(host.folder, 'data/ran'))).toBe(false)
})

it('five ups of one stacklet at once all end well, and no hook runs twice', async () => {
  const id = uniqueId('crowd')
  const host = await hookedInstance({ ...hookedStacklet({ id, hooks: everyHook() }), 'desired/desired.toml': '' })
  await host.commit('first')

  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => host.stack('up', id)))

  for (const answer of answers) expect(answer, answer.stderr).toMatchObject({ code: 0 })
  const events = ['on_configure', 'on_install', 'on_start', 'on_install_success', 'on_start_ready']
  expect(await logged(host)).toEqual(events.map((event) => `${id} ${event}`))
  expect(await host.git('rev-list', '--count', 'HEAD')).toBe('2')
})
