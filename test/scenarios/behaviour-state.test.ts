import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hookedInstance, hookedStacklet, hooksOnly, uniqueId } from './fixtures/hooked.ts'

/** Names in the first column of the table about `.stack/`, as what matches them. */
async function documented(): Promise<readonly RegExp[]> {
  const page = await readFile(join(import.meta.dirname, '../../docs/first-host.md'), 'utf8')
  const rows = page.slice(page.indexOf('| in `.stack/` |')).matchAll(/^\| (`.+?`) \|/gm)
  const names = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
  return names.map((name) => {
    const stem = name.replace(/\/$/, '').replaceAll('.', '\\.')
    return new RegExp(`^${stem.replace('<id>', '[a-z0-9_-]+').replace('<uuid>', '[0-9a-f-]+')}$`)
  })
}

it('everything in .stack/ is documented, while hooks run and after, and for nobody else to read', async () => {
  const [hooked, native, failing] = [uniqueId('hooked'), uniqueId('native'), uniqueId('failing')]
  const listing = 'ls -A "$STACK_INSTANCE/.stack" >> "$STACK_INSTANCE/data/seen"\n'
  const program = '[services.job]\nstart = "echo started; sleep 60 &"\nstop = "true"\n'
  const host = await hookedInstance({
    ...hookedStacklet({
      id: hooked,
      manifest: '[env]\ngenerate = ["KEY"]\n',
      hooks: {
        'on_configure.py': 'def run(ctx):\n    ctx.cfg("name", "x")\n',
        'on_install.ts': 'export function run(ctx) {\n  ctx.step("installed")\n}\n',
        'on_start.sh': listing,
      },
    }),
    ...hooksOnly(native, { 'on_stop.sh': listing }, `type = "host"\n${program}`),
    ...hooksOnly(failing, { 'on_configure.sh': 'true', 'on_install.sh': `${listing}exit 1` }),
    'desired/desired.toml': '',
  })
  await host.commit('first')

  const up = await host.stack('up', hooked, native, failing, '--json')
  const after = await readdir(join(host.folder, '.stack'))
  await host.stack('down', native)

  const seen = [...new Set([...after, ...(await host.read('data/seen')).trim().split('\n')])].sort()
  const known = await documented()
  const failed = up.json.steps.filter((step: { result: string }) => step.result === 'failed')
  expect(failed, up.stderr).toMatchObject([{ id: `run-hook ${failing} on_install` }])
  expect(seen.filter((name) => !known.some((pattern) => pattern.test(name)))).toEqual([])
  expect(seen).toEqual(
    expect.arrayContaining([
      ...['secrets.toml', 'settings.toml', 'instance-id', 'host', 'ledger', 'journal', 'last-run', 'compose', 'lock'],
      ...[`${hooked}.setup-done`, `${failing}.setup-progress`, `${failing}.hook`, `${native}.services`, 'cache'],
    ]),
  )
  expect(((await stat(join(host.folder, '.stack'))).mode & 0o777).toString(8)).toBe('700')
})
