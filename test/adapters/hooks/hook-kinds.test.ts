import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'

import { withFolder as it } from './hook-folder.ts'

describe.concurrent('a hook in TypeScript or JavaScript', () => {
  it('needs no build step: siblings, await at the top, enums, its own place', async ({ folder, expect }) => {
    folder.write('package.json', '{"type": "commonjs"}')
    folder.write('lib/old.cjs', "const { basename } = require('node:path')\nexports.name = basename(__filename)\n")
    folder.write('lib/deep.ts', 'export const here = import.meta.url\n')
    folder.write(
      'hooks/on_start.ts',
      `#!/usr/bin/env node
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import old from '../lib/old.cjs'

const __dirname = dirname(fileURLToPath(import.meta.url))
enum Mood { Fine = 'fine' }
class Holder { constructor(readonly mood: Mood) {} }
const deep = await import('../lib/deep.ts')
await Promise.resolve()
console.log(__dirname, old.name, new Holder(Mood.Fine).mood, deep.here)
`,
    )

    const stacklet = join(folder.root, 'stacklets/photos')
    expect(await folder.run('on_start.ts')).toEqual([`${stacklet}/hooks old.cjs fine file://${stacklet}/lib/deep.ts`])
  })

  it('imports what is installed beside it', async ({ folder, expect }) => {
    folder.write('node_modules/friend/package.json', '{"name": "friend", "main": "index.js"}')
    folder.write(
      'node_modules/friend/index.js',
      "const { EOL } = require('os')\nmodule.exports = { friend: 'friend' + EOL.length }\n",
    )
    folder.write(
      'hooks/on_start.js',
      "import { friend } from 'friend'\nexport function run(ctx) {\n  ctx.step(friend)\n}\n",
    )

    expect(await folder.run('on_start.js')).toEqual(['friend1'])
  })

  it('may be CommonJS', async ({ folder, expect }) => {
    folder.write(
      'hooks/on_start.js',
      "const path = require('path')\nmodule.exports.run = (ctx) => ctx.step(path.basename(__filename))\n",
    )

    expect(await folder.run('on_start.js')).toEqual(['on_start.js'])
  })

  it('is over when its run is over, whatever it left open', async ({ folder, expect }) => {
    folder.write('hooks/on_start.ts', 'export function run() {\n  setInterval(() => {}, 1000)\n}\n')

    expect(await folder.run('on_start.ts', { timeoutMs: 10_000 })).toEqual([])
  })

  it('is bundled once for the same content', async ({ folder, expect }) => {
    folder.write('hooks/on_start.ts', "import { word } from './_word.ts'\nconsole.log(word)\n")
    folder.write('hooks/_word.ts', "export const word = 'one'\n")
    const bundles = () => readdirSync(join(folder.root, '.stack/cache/hooks')).length

    await folder.run('on_start.ts')
    await folder.run('on_start.ts')
    expect(bundles()).toBe(1)

    folder.write('hooks/_word.ts', "export const word = 'two'\n")
    expect(await folder.run('on_start.ts')).toEqual(['two'])
    expect(bundles()).toBe(2)
  })
})

describe.concurrent('a hook in Python', () => {
  it('may be a bare module, or have an asynchronous run', async ({ folder, expect }) => {
    folder.write('hooks/on_start.py', 'print(__name__)\n')
    folder.write(
      'hooks/on_stop.py',
      'import asyncio\n\nasync def run(ctx):\n    await asyncio.sleep(0)\n    ctx.step("later")\n',
    )

    expect(await folder.run('on_start.py')).toEqual(['__main__'])
    expect(await folder.run('on_stop.py')).toEqual(['later'])
  })

  it('leaves nothing beside its sources', async ({ folder, expect }) => {
    folder.write('hooks/_beside.py', '')
    folder.write('hooks/on_start.py', 'import _beside\n')

    await folder.run('on_start.py')

    expect(existsSync(join(folder.root, 'stacklets/photos/hooks/__pycache__'))).toBe(false)
  })
})

describe.concurrent('many hooks at a time', () => {
  it('all end, each with its own words', async ({ folder, expect }) => {
    folder.write('hooks/on_start.sh', 'echo "$N"')
    mkdirSync(join(folder.root, 'x'))
    writeFileSync(join(folder.root, 'x/y'), '')

    const runs = Array.from({ length: 20 }, () => folder.run('on_start.sh'))

    expect(await Promise.all(runs)).toHaveLength(20)
  })
})
