import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'

import { Secret } from '../../../reconciler/model/secret.ts'
import { withFolder as it } from './hook-folder.ts'

describe.concurrent('the environment of a hook', () => {
  it('is the rendered one and our names, in the folder of the instance', async ({ folder, expect }) => {
    folder.write(
      'hooks/on_start.sh',
      'echo "$PHOTOS_PORT $STACK_ID $FAMSTACK_ID $FAMSTACK_DOMAIN $STACK_DATA_DIR"\npwd',
    )

    const lines = await folder.run('on_start.sh')

    expect(lines).toEqual([`42010 photos photos home.test ${folder.root}/data`, folder.root])
  })

  it('lets the stacklet override our names', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'echo "$FAMSTACK_DATA_DIR"')
    const context = { ...folder.context, env: { FAMSTACK_DATA_DIR: new Secret('/mine') } }

    expect(await folder.run('on_start.sh', { context })).toEqual(['/mine'])
  })

  it('does not let it decide which programs run', async ({ folder, expect }) => {
    const names = ['PATH', 'HOME', 'LD_PRELOAD', 'BASH_ENV', 'NODE_OPTIONS', 'PYTHONPATH', 'PYTHONHOME', 'DOCKER_HOST']
    const env = Object.fromEntries(
      [...names, 'LDAP_HOST', 'PYTHON_VERSION'].map((name) => [name, new Secret('/theirs')]),
    )
    const told = 'print([name for name in ctx.env if ctx.env[name] == "/theirs"])'
    const given = 'print(sorted(name for name in os.environ if os.environ[name] == "/theirs"))'
    folder.write(
      'hooks/on_start.py',
      `import os\n\ndef run(ctx):\n    ${told}\n    ${given}\n    ctx.shell("which ls")\n`,
    )

    const lines = await folder.run('on_start.py', { context: { ...folder.context, env } })

    expect(lines[0]).toBe(`['${[...names, 'LDAP_HOST', 'PYTHON_VERSION'].join("', '")}']`)
    expect(lines[1]).toBe("['LDAP_HOST', 'PYTHON_VERSION']")
  })

  it('takes values that a shell would trip over, and leaves out what the system refuses', async ({
    folder,
    expect,
  }) => {
    const awkward = 'a b"c\'d$HOME\\`\n!'
    const env = { AWKWARD: new Secret(awkward), 'no=name': new Secret('x'), NULL: new Secret('a\0b') }
    folder.write('hooks/on_start.sh', 'printf %s "$AWKWARD" | od -An -c | tr -d "\\n "')

    const lines = await folder.run('on_start.sh', { context: { ...folder.context, env } })

    expect(lines).toEqual([`ab"c'd$HOME\\\`\\n!`])
  })

  it("finds the root's own Python library first, then ours", async ({ folder, expect }) => {
    mkdirSync(join(folder.root, 'lib/mine'), { recursive: true })
    writeFileSync(join(folder.root, 'lib/mine/__init__.py'), 'name = "mine"\n')
    folder.write(
      'hooks/on_start.py',
      'import mine\nimport stack.users\n\ndef run(ctx):\n    print(mine.name, ctx.shell("python3 -c \'import mine, stack.prompt; print(1)\'"))\n',
    )

    expect(await folder.run('on_start.py')).toEqual(['mine 1'])
  })

  it('prefers a package stack that the root brings', async ({ folder, expect }) => {
    mkdirSync(join(folder.root, 'lib/stack'), { recursive: true })
    writeFileSync(join(folder.root, 'lib/stack/__init__.py'), 'name = "theirs"\n')
    folder.write('hooks/on_start.py', 'import stack\n\ndef run(ctx):\n    ctx.step(stack.name)\n')

    expect(await folder.run('on_start.py')).toEqual(['theirs'])
  })
})
