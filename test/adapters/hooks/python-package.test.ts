import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe } from 'vitest'

import { tomlSecretStore } from '../../../reconciler/adapters/secrets/toml-secret-store.ts'
import { Secret } from '../../../reconciler/model/secret.ts'
import { withFolder as it } from './hook-folder.ts'

const python = fileURLToPath(new URL('../../../python', import.meta.url))
const env = { ...process.env, PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: '1' }

/** What a Python program prints, as JSON; nobody sits at its stdin. */
async function answer(program: string, cwd = '/'): Promise<unknown> {
  const running = promisify(execFile)('python3', ['-c', program], { env, cwd })
  running.child.stdin?.end()
  return JSON.parse((await running).stdout)
}

describe.concurrent('the Python package stack', () => {
  it('answers the names that existing stacklets import', async ({ expect }) => {
    const names = await answer(`
import json
from stack.prompt import (section, out, nl, dim, bullet, confirm, ask, done, warn, orange, Spinner, choose)
from stack.prompt import ORANGE, TEAL, GREEN, RED, DIM, BOLD, RESET
from stack.users import TECH_ADMIN_USERNAME, TECH_ADMIN_EMAIL, user_id, get_admin_password, get_user_password
from stack.secrets import TomlSecretStore
from stack.forgejo import ForgejoClient, ForgejoError
from stack import resolve_model
from stack._compat import tomllib
from stack._vendor import tomli
import stack._vendor.tomli
print(json.dumps([TECH_ADMIN_USERNAME, TECH_ADMIN_EMAIL, tomllib.loads("a = 1"), tomli.loads("a = 1"), GREEN]))`)

    expect(names).toEqual(['stackadmin', 'stackadmin@home.local', { a: 1 }, { a: 1 }, ''])
  })

  it('knows people and where their passwords are', async ({ expect }) => {
    const known = await answer(`
import json
from stack.users import user_id, get_admin_password, get_user_password
class Store:
    def get(self, scope, name): return f"{scope} {name}"
secrets = {"global__ADMIN_PASSWORD": "a", "global__USER_BART_PASSWORD": "b"}
bart = {"name": "Bart Simpson", "id": ""}
print(json.dumps([user_id({"id": "x", "name": "Y"}), user_id(bart), get_admin_password(secrets), get_admin_password(Store()),
    get_user_password(secrets, bart), get_user_password(Store(), "bart")]))`)

    expect(known).toEqual(['x', 'bart', 'a', 'global ADMIN_PASSWORD', 'b', 'global USER_BART_PASSWORD'])
  })

  it('chooses the model of the task, then of the bot, then the default, and says what is missing', async ({
    expect,
  }) => {
    const chosen = await answer(`
import json
from stack import resolve_model
config = {"ai": {"default": "d", "models": {"archivist": {"classify": "task", "default": "bot"}, "clerk": "clerk"}}}
def refused():
    try:
        resolve_model({}, "clerk/sort")
    except LookupError as error:
        return str(error)
print(json.dumps([resolve_model(config, *words) for words in (["archivist/classify"], ["archivist", "sort"], ["clerk"], ["x"])] + [refused()]))`)

    expect(chosen).toEqual(['task', 'bot', 'clerk', 'd', expect.stringMatching(/clerk\/sort.*stack\.toml/)])
  })

  it('asks nobody: the default counts, and a question without one is refused', async ({ expect }) => {
    const asked = await answer(`
import contextlib, io, json
from stack.prompt import Spinner, ask, choose, confirm, done, section, warn
said = io.StringIO()
with contextlib.redirect_stdout(said):
    section("Photos")
    with Spinner("Waiting"):
        warn("slow")
    answers = [ask("Name", default="x"), confirm("Sure?"), confirm("Sure?", default=False), choose("Which", ["a", "b"], 1)]
    try:
        ask("Name")
    except EOFError as error:
        answers.append(str(error))
print(json.dumps([answers, said.getvalue()]))`)

    const [answers, said] = asked as [unknown, string]
    expect(answers).toEqual(['x', true, false, 'b', 'nobody answered: Name'])
    expect(said).toMatch(/Photos[\s\S]*• Waiting\.\.\.\n {2}⚠ slow\n {2}✓ Waiting/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(said).not.toMatch(/[\r\u001b]/)
  })

  it('keeps secrets in the same file, under the same lock, as stack does', async ({ folder, expect }) => {
    const store = tomlSecretStore({ instance: folder.root })
    const signal = new AbortController().signal
    const awkward = 'a"b\\c$\n\u007fü😀'
    const program = `
import json
from stack.secrets import TomlSecretStore
store = TomlSecretStore(".stack/secrets.toml")
for number in range(5):
    store.set("docs", f"P{number}", ${JSON.stringify(awkward)})
print(json.dumps([store.get("docs", "P0"), store.get("photos", "NONE", "no")]))`

    const ours = Array.from({ length: 5 }, (_, number) => store.set(`photos__N${number}`, new Secret('ours'), signal))
    const [read] = await Promise.all([answer(program, folder.root), answer(program, folder.root), ...ours])

    expect(read).toEqual([awkward, 'no'])
    const kept = await store.read()
    expect(Object.keys(kept)).toHaveLength(10)
    expect(kept['docs__P4']?.reveal()).toBe(awkward)
    expect(join(folder.root, '.stack')).toBeTruthy()
  })

  it('talks to Forgejo, and says what it refused', async ({ expect }) => {
    const server = createServer((request, response) => {
      if (request.url === '/api/v1/orgs/none') return response.writeHead(404).end('{}')
      if (request.method === 'POST') return response.writeHead(409).end('{"message": "user already exists"}')
      return response.end(JSON.stringify({ name: 'home', by: request.headers.authorization }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo

    const told = await answer(`
import json
from stack.forgejo import ForgejoClient, ForgejoError
client = ForgejoClient("http://127.0.0.1:${port}/", token="t")
def refused():
    try:
        client.create_org("home")
    except ForgejoError as error:
        return [error.status, str(error)]
print(json.dumps([client.get_org("home"), client.get_org("none"), refused()]))`)
    server.close()

    expect(told).toEqual([{ name: 'home', by: 'token t' }, null, [409, '409 Conflict: user already exists']])
  })
})
