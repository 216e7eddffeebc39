/** The same commands in both languages. */
export const commands = {
  py: {
    tell: `
import json
import sys
import _beside

def run(args, stacklet, config):
    print(json.dumps([args, sys.argv, stacklet["id"], stacklet.name, config["manifest"]["port"], config["domain"],
        _beside.name, config["secrets"]["photos__API_KEY"], config.users[0]["id"], config["is_healthy"](),
        config["stack"]["core"]["domain"], str(config["data_dir"] / "x"), config["repo_root"] + "/y"]))
`,
    bare: 'import sys\n\nif __name__ == "__main__":\n    print(sys.argv[3:], input())\n    sys.exit(7)\n',
    refuse: 'def run(args, stacklet, config):\n    return {"error": "no such album"}\n',
    leave: 'import sys\n\ndef run(args, stacklet, config):\n    sys.exit(42)\n',
    throw: 'def run(args, stacklet, config):\n    raise RuntimeError("not a number")\n',
    keep: 'def run(args, stacklet, config):\n    config["stack"].secrets.set("photos", "NEW", "kept-1")\n',
    _beside: 'name = "beside"\n',
  },
  ts: {
    tell: `
import { name } from './_beside.ts'
import type { Command } from 'stackloop/sdk'

export const run: Command = (args, stacklet, config) => {
  console.log(JSON.stringify([args, process.argv, stacklet.id, stacklet.name, config.manifest.port, config.domain,
    name, config.secrets.photos__API_KEY, config.users[0].id, config.is_healthy(),
    config.stack.config.core.domain, config.data_dir + '/x', config.repo_root + '/y']))
}
`,
    bare: `
import { text } from 'node:stream/consumers'
console.log(process.argv.slice(3), await text(process.stdin))
process.exitCode = 7
`,
    refuse: "export const run = () => ({ error: 'no such album' })\n",
    leave: 'export const run = () => process.exit(42)\n',
    throw: "export default function run() {\n  throw new Error('not a number')\n}\n",
    keep: "export const run = (args, stacklet, { stack }) => stack.secrets.set('photos', 'NEW', 'kept-1')\n",
    _beside: "export const name: string = 'beside'\n",
  },
} as const
