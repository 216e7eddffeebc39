import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { mustSee, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'
import { until } from './support/until.ts'

const repository = join(import.meta.dirname, '../..')
const patience = { withinMs: 90_000 }

/** A stacklet whose container runs `stack daemon` for the instance it lies in: this machine's own programs, mounted. */
function keeperFiles(id: string, host: Pick<Instance, 'folder' | 'env'>, mode: string): Record<string, string> {
  const { images, env } = testEngine()
  const socket = (env['DOCKER_HOST'] ?? '').replace('unix://', '')
  const folders = (env['PATH'] ?? '').split(':').filter((path) => path.startsWith('/tmp') || path.includes('stackloop'))
  const parts = [...new Set([...folders, env['DOCKER_CONFIG'] ?? '', dirname(socket)].map(topOf))]
  const own = ['/usr', '/lib', '/lib64', '/bin'].map((path) => `${path}:${path}:ro`)
  const mounts = [...own, ...[...parts, repository, host.folder].map((path) => `${path}:${path}`)]
  const variables = { ...host.env, MODE: mode }
  const lines = Object.entries(variables).map(
    ([name, value]) => `      ${name}: ${JSON.stringify(value.replaceAll('$', '$$'))}`,
  )
  return {
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\n`,
    [`stacklets/${id}/docker-compose.yml`]: `services:
  keeper:
    container_name: stack-${id}
    image: ${images.busybox}
    init: true
    stop_grace_period: 20s
    working_dir: ${host.folder}
    entrypoint: ["${process.execPath}", "${join(repository, 'dist/cli/main.js')}"]
    command: [daemon]
    environment:
${lines.join('\n')}
    volumes: ${JSON.stringify(mounts)}
`,
  }
}

/** The folder of this machine that everything below is mounted with: `/tmp/x/y/z` is in `/tmp/x`. */
function topOf(path: string): string {
  return path.split('/').slice(0, 3).join('/')
}

describe('a daemon in a container', () => {
  it('is replaced by a helper when its own stacklet changes, after everything else is done', async () => {
    const [keeper, page] = [uniqueName('keeper'), uniqueName('page')]
    const host = await makeInstance({ ...webStacklet({ id: page }), ...desiredRunning(keeper, page) })
    const write = async (mode: string) => {
      for (const [path, text] of Object.entries(keeperFiles(keeper, host, mode))) await host.write(path, text)
    }
    await write('one')
    await host.commit()
    expect((await host.stack('reconcile')).code).toBe(0)
    const before = await mustSee(host.docker, `stack-${keeper}`)
    await until(async () => ((await host.docker(['logs', before.id])).includes('"git"') ? true : null), patience)

    await write('two')
    await host.write(
      `stacklets/${page}/docker-compose.yml`,
      `${await host.read(`stacklets/${page}/docker-compose.yml`)}# new\n`,
    )
    await host.write('desired/desired.toml', `[stacklets.${keeper}]\n[stacklets.${page}.env]\nMODE = "two"\n`)
    const head = await host.commit('two')
    const after = await until(async () => {
      const now = await seen(host.docker, `stack-${keeper}`)
      return now?.state === 'running' && now.env['MODE'] === 'two' ? now : null
    }, patience)
    const runs = await until(async () => {
      const { json } = await host.stack('history', '--json')
      return json.runs[0].outcome === 'converged' && json.runs[0].revision === head ? json.runs : null
    }, patience)

    expect(after.id).not.toBe(before.id)
    expect((await mustSee(host.docker, `stack-${page}`)).env['MODE']).toBe('two')
    expect(runs[0].steps.map((one: { id: string }) => one.id)).toContain(`replace ${keeper}`)
    expect(runs[1].steps.at(-1)).toMatchObject({ id: `hand-over ${keeper}`, result: 'done' })
    const helpers = await until(async () => {
      const left = await host.docker([
        'ps',
        '-a',
        '-q',
        '--filter',
        'name=stack-hand-over',
        '--filter',
        `label=stack.stacklet=${keeper}`,
      ])
      return left === '' ? [] : null
    }, patience)
    expect(helpers).toEqual([])
    await until(async () => ((await host.docker(['logs', after.id])).includes('"git"') ? true : null), patience)
  })
})
