/** One hook in two languages that tries every member of `ctx` and tells what came of it. URL stands for the echo service. */
export const everyMember = {
  'on_install.py': `
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import seed
import _beside

def said(act):
    try:
        return act()
    except Exception as error:
        return str(error)

def run(ctx):
    report = {
        "id": ctx.stacklet_id,
        "port": ctx.env["PHOTOS_PORT"],
        "names": [ctx["env"][name] for name in NAMES],
        "siblings": [seed.name, _beside.name],
        "own secret": ctx["secret"]("API_KEY"),
        "secret for all": ctx.secret("ADMIN_PASSWORD"),
        "no secret": ctx.secret("NOTHING"),
        "users": ctx["users"][0]["name"],
        "setting": ctx.cfg("quality"),
        "no setting": ctx.cfg("nothing"),
        "empty setting": ctx.cfg("server_name"),
        "default": ctx.cfg("nothing", default="so"),
        "shell": ctx.shell("echo one; echo $PHOTOS_PORT"),
        "shell path": ctx.shell("which ls"),
        "failed shell": said(lambda: ctx.shell("echo it already exists >&2; exit 3")),
        "get": ctx.http_get("URL/echo", headers={"X-Token": "t"}),
        "moved": ctx["http_get"]("URL/moved")["method"],
        "text": ctx.http_get("URL/text"),
        "form": ctx["http_post"]("URL/echo", "user=a&password=b"),
        "json": ctx.http_post("URL/echo", {"a": 1}, content_type="application/json"),
        "put": ctx.http_put("URL/echo", {"a": 1}),
        "refused": said(lambda: ctx.http_post("URL/exists", {})),
        "root": str(ctx.stack.root),
        "data": str(ctx.stack.data / "photos"),
        "instance": str(ctx.stack.instance_dir),
        "store": ctx.stack.secrets.get("global", "ADMIN_PASSWORD"),
        "command": ctx.stack.run_cli_command("photos", "seed", "a", "--b c"),
        "failed command": ctx.stack.run_cli_command("photos", "refuse"),
        "no command": ctx.stack.run_cli_command("photos", "sead"),
    }
    ctx.secret("TOKEN", "fresh-token-1")
    ctx.cfg("server_name", "home.test")
    ctx.cfg("quality", "low")
    report["fresh secret"] = ctx.secret("TOKEN")
    report["fresh setting"] = ctx.cfg("server_name")
    report["fixed setting"] = ctx.cfg("quality")
    ctx.step("a step")
    ctx.warn("a warning")
    ctx["shell_live"]("echo live")
    with open("report.json", "w") as file:
        json.dump(report, file)
`,
  'on_install.ts': `
import { writeFile } from 'node:fs/promises'
import type { HookContext } from 'stackloop/sdk'
import { name as seed } from '../seed.ts'
import { name as beside } from './_beside.js'

async function said(act: () => Promise<unknown>): Promise<unknown> {
  return act().catch((error) => (error as Error).message)
}

export default async function run(ctx: HookContext) {
  const { secret, cfg, shell, stack } = ctx
  const echo: { method: string } = await ctx.http_get('URL/moved')
  const report: Record<string, unknown> = {
    id: ctx.stacklet_id,
    port: ctx.env.PHOTOS_PORT,
    names: NAMES.map((name) => ctx['env'][name]),
    siblings: [seed, beside],
    'own secret': secret('API_KEY'),
    'secret for all': ctx['secret']('ADMIN_PASSWORD'),
    'no secret': secret('NOTHING'),
    users: ctx.users[0].name,
    setting: cfg('quality'),
    'no setting': cfg('nothing'),
    'empty setting': cfg('server_name'),
    default: cfg('nothing', { default: 'so' }),
    shell: await shell('echo one; echo $PHOTOS_PORT'),
    'shell path': await shell('which ls'),
    'failed shell': await said(() => shell('echo it already exists >&2; exit 3')),
    get: await ctx.http_get('URL/echo', { headers: { 'X-Token': 't' } }),
    moved: echo.method,
    text: await ctx.http_get('URL/text'),
    form: await ctx.http_post('URL/echo', 'user=a&password=b'),
    json: await ctx.http_post('URL/echo', { a: 1 }, { content_type: 'application/json' }),
    put: await ctx.http_put('URL/echo', { a: 1 }),
    refused: await said(() => ctx.http_post('URL/exists', {})),
    root: stack.root,
    data: stack.data + '/photos',
    instance: stack.instance_dir,
    store: stack.secrets.get('global', 'ADMIN_PASSWORD'),
    command: await stack.run_cli_command('photos', 'seed', 'a', '--b c'),
    'failed command': await stack.run_cli_command('photos', 'refuse'),
    'no command': await stack.run_cli_command('photos', 'sead'),
  }
  secret('TOKEN', 'fresh-token-1')
  cfg('server_name', 'home.test')
  cfg('quality', 'low')
  report['fresh secret'] = secret('TOKEN')
  report['fresh setting'] = cfg('server_name')
  report['fixed setting'] = cfg('quality')
  ctx.step('a step')
  ctx.warn('a warning')
  await ctx.shell_live('echo live')
  await writeFile('report.json', JSON.stringify(report))
}
`,
} as const

/** Their siblings, and the commands that they call: one in each language. */
export const besideThem = {
  'seed.py': 'name = "seed"\n',
  'seed.ts': "export const name: string = 'seed'\n",
  'hooks/_beside.py': 'name = "beside"\n',
  'hooks/_beside.ts': "export const name = 'beside'\n",
  'cli/seed.py':
    'def run(args, stacklet, config):\n    print("seeding")\n    return {"seeded": args, "into": stacklet["id"]}\n',
  'cli/refuse.ts': "export function run() { return { error: 'the album already exists' } }\n",
}
