import { describe } from 'vitest'

import { tomlSecretStore } from '../../../reconciler/adapters/secrets/toml-secret-store.ts'
import { tomlLocalSettings } from '../../../reconciler/adapters/settings/toml-local-settings.ts'
import { hookFolder, testWith } from './hook-folder.ts'

/** The stores as a run has them. */
const it = testWith(() =>
  hookFolder((instance) => ({
    memory: { secrets: tomlSecretStore({ instance }), settings: tomlLocalSettings({ instance }) },
  })),
)

const writes = {
  'on_start.py': `
from pathlib import Path

def run(ctx):
    ctx.secret("TOKEN", "written-1")
    ctx.cfg("server_name", "home.test")
    ctx.cfg("count", 3)
    for name in ("secrets", "settings"):
        print(Path(f".stack/{name}.toml").read_text())
`,
  'on_start.ts': `
import { readFileSync } from 'node:fs'

export function run(ctx) {
  ctx.secret('TOKEN', 'written-1')
  ctx.cfg('server_name', 'home.test')
  ctx.cfg('count', 3)
  for (const name of ['secrets', 'settings']) console.log(readFileSync('.stack/' + name + '.toml', 'utf8'))
}
`,
}

describe.concurrent('what a hook keeps', () => {
  it.for(Object.entries(writes))('is on disk at once: %s', async ([name, text], { folder, expect }) => {
    folder.write(`hooks/${name}`, text)

    const seen = (await folder.run(name)).join('\n')

    expect(seen).toContain('photos__TOKEN = "***"')
    expect(seen).toMatch(/\[photos\]\nserver_name = "home\.test"\ncount = 3/)
  })

  it('is seen when a command that it called has written it, and stays hidden', async ({ folder, expect }) => {
    const keep =
      'from stack.secrets import TomlSecretStore\n\ndef run(args, stacklet, config):\n    TomlSecretStore(config["instance_dir"] + "/.stack/secrets.toml").set("photos", "NEW", "by-the-command")\n'
    folder.write('cli/keep.py', keep)
    folder.write(
      'hooks/on_start.py',
      'def run(ctx):\n    print(ctx.stack.run_cli_command("photos", "keep"))\n    print("by-the-command")\n    print(ctx.secret("NEW"))\n',
    )

    const lines = await folder.run('on_start.py')

    expect(lines).toEqual(["{'ok': True}", '***', '***'])
  })

  it('is refused under a name that is none', async ({ folder, expect }) => {
    folder.write('hooks/on_start.py', 'def run(ctx):\n    ctx.secret("no name", "x")\n')

    const error = await folder.failure('on_start.py')

    expect(error.message).toBe('on_start of photos failed: "photos__no name" is not the name of a secret')
  })
})
