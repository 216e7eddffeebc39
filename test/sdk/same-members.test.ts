import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

import type { Channel } from '../../sdk/runner/channel.ts'
import { hookContext } from '../../sdk/runner/context.ts'
import type { Told } from '../../sdk/runner/told.ts'

const told: Told = {
  file: '/root/stacklets/photos/hooks/on_start.ts',
  id: 'photos',
  env: {},
  withheld: [],
  secrets: {},
  users: [],
  settings: {},
  data_dir: '/data',
  domain: '',
  instance: '/root',
  root: '/root',
  command: null,
}

/** Members of `ctx` in Python, and of its `stack`, without what makes it answer to `ctx["name"]`. */
function inPython(): readonly (readonly string[])[] {
  const program = `
import json, sys
from stackloop_runner.context import Context
ctx = Context(json.loads(sys.argv[1]), None)
print(json.dumps([[name for name in dir(one) if not name.startswith("_") and name != "get"] for one in (ctx, ctx.stack)]))`
  const python = fileURLToPath(new URL('../../python', import.meta.url))
  const env = { ...process.env, PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: '1' }
  return JSON.parse(execFileSync('python3', ['-c', program, JSON.stringify(told)], { env, encoding: 'utf8' }))
}

it('offers the same members in both languages', () => {
  const silent: Channel = { greeting: () => null, tell: () => {}, ask: () => null }
  const { ctx } = hookContext(told, silent)

  const [members, ofStack] = inPython()

  expect(Object.keys(ctx).sort()).toEqual(members)
  expect(Object.keys(ctx.stack).sort()).toEqual(ofStack)
})
