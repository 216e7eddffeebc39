import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce, stepsOf } from './support/runs.ts'
import { changedPaths, snapshot } from './support/snapshot.ts'
import { desiredRunning, pairStacklet, webStacklet } from './support/stacklets.ts'

describe('STACK_DIR', () => {
  it('names an instance in a repository of its own: the root gives the stacklets and is not written to', async () => {
    const { root, own, id, port } = await twoRepositories()
    const before = await snapshot(root.folder)
    const inRoot = (...words: string[]) => root.stackWith({ STACK_DIR: own.folder }, ...words)

    const plan = await inRoot('plan', '--json')
    const run = await inRoot('reconcile', '--json')
    const idle = await inRoot('plan', '--json')

    expect(plan.code, plan.stderr).toBe(2)
    expect(run.code, run.stderr).toBe(0)
    expect(run.json.revision).toBe(await own.git('rev-parse', 'HEAD'))
    expect(idle.json).toMatchObject({ empty: true, dirty: false })
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('page one\n')
    expect(changedPaths(before, await snapshot(root.folder))).toEqual([])
    expect(existsSync(join(own.folder, `stacklets/${id}/.env`))).toBe(true)
    expect(existsSync(join(own.folder, `.stack/${id}.setup-done`))).toBe(true)
  })

  it('waits for edits in either repository', async () => {
    const { root, own, id } = await twoRepositories()
    const inRoot = (...words: string[]) => root.stackWith({ STACK_DIR: own.folder }, ...words)
    await inRoot('reconcile')
    await root.write(`stacklets/${id}/site/index.html`, 'half an edit')

    const run = await inRoot('reconcile', '--json')
    const plan = await inRoot('plan', '--json')

    expect(run).toMatchObject({ code: 0, json: { outcome: 'waiting', steps: [] } })
    expect(plan.json).toMatchObject({ dirty: true, notes: [{ kind: 'waiting', stacklet: id }] })
  })

  it('may begin with ~', async () => {
    const { root, own } = await twoRepositories()

    const validate = await root.stackWith({ STACK_DIR: '~', HOME: own.folder }, 'validate')

    expect(validate.code, validate.stdout + validate.stderr).toBe(0)
  })
})

it('desired/<host>.toml replaces desired.toml on that host', async () => {
  const [common, special] = [uniqueName('common'), uniqueName('special')]
  const files = { ...webStacklet({ id: common }), ...webStacklet({ id: special }), ...desiredRunning(common) }
  const host = await makeInstance({ ...files, 'desired/testhost.toml': `[stacklets.${special}]\n` })

  await commitAndRun(host)

  expect(await runningOf(host)).toEqual([`stack-${special}`])
})

describe('uncommitted edits', () => {
  it('of one stacklet let it wait as it is; the others go on with what is committed', async () => {
    const [edited, other] = [uniqueName('edited'), uniqueName('other')]
    const host = await makeInstance({ ...webStacklet({ id: edited }), ...webStacklet({ id: other }) })
    await host.write('desired/desired.toml', `[stacklets.${edited}]\n[stacklets.${other}]\n`)
    await commitAndRun(host)
    const before = await mustSee(host.docker, `stack-${edited}`)
    const both = `[stacklets.${edited}]\nenv = { GREETING = "new" }\n[stacklets.${other}]\nenv = { GREETING = "new" }\n`
    await host.write('desired/desired.toml', both)
    await host.commit('greetings')
    await host.write(`stacklets/${edited}/docker-compose.yml`, 'half an edit')
    await host.write('desired/desired.toml', '')

    const run = await host.stack('reconcile', '--json')

    expect(run).toMatchObject({ code: 0, json: { outcome: 'waiting' } })
    expect(run.json.notes).toMatchObject([{ kind: 'waiting', stacklet: edited }])
    expect(run.json.notes[0].message).toContain('docker-compose.yml')
    expect(await mustSee(host.docker, `stack-${edited}`)).toEqual(before)
    expect((await mustSee(host.docker, `stack-${other}`)).env['GREETING']).toBe('new')

    await host.git('checkout', '--quiet', '.')
    await runOnce(host)
    expect((await mustSee(host.docker, `stack-${edited}`)).env['GREETING']).toBe('new')
  })

  it('that nothing reads are not waited for', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await host.commit('first')
    await host.write(`stacklets/${id}/NOTES.md`, 'mine')

    const run = await host.stack('reconcile', '--json')

    expect(run).toMatchObject({ code: 0, json: { outcome: 'converged' } })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })
})

describe('the engine is found as Docker finds it', () => {
  it.each(['DOCKER_CONTEXT', 'currentContext'])('by %s', async (how) => {
    const { host, env } = await hostWithContext(how === 'currentContext')
    await host.commit('first')

    const run = await host.stackWith(how === 'currentContext' ? env : { ...env, DOCKER_CONTEXT: 'mine' }, 'reconcile')

    expect(run.code, run.stderr).toBe(0)
    expect(await runningOf(host)).toHaveLength(1)
  })

  it('and DOCKER_HOST goes before a context', async () => {
    const { host, env } = await hostWithContext(false)

    const status = await host.stackWith({ ...env, DOCKER_HOST: 'unix:///none.sock', DOCKER_CONTEXT: 'mine' }, 'status')

    expect(status.stderr).toContain('unix:///none.sock')
  })
})

it('a Compose file without a name gets the project stack-<id>, and its containers the names Compose gives', async () => {
  const id = uniqueName('plain')
  const compose = `services:\n  web:\n    image: ${testEngine().images.web}\n`
  const files = { [`stacklets/${id}/stacklet.toml`]: '', [`stacklets/${id}/docker-compose.yml`]: compose }
  const host = await makeInstance({ ...files, ...desiredRunning(id) })

  await commitAndRun(host)

  expect(Object.keys(await allOf(host))).toEqual([`stack-${id}-web-1`])
  const { labels } = await mustSee(host.docker, `stack-${id}-web-1`)
  expect(labels).toMatchObject({ 'stack.stacklet': id, 'com.docker.compose.project': `stack-${id}` })
  expect(labels['stack.instance']).toBe((await host.read('.stack/instance-id')).trim())
  expect(stepsOf(await runOnce(host))).toEqual([])
})

async function twoRepositories(): Promise<{ root: Instance; own: Instance; id: string; port: number }> {
  const id = uniqueName('pair')
  const port = await freePort()
  const root = await makeInstance(pairStacklet(id, port))
  const own = await makeInstance(desiredRunning(id))
  await root.commit('stacklets')
  await own.commit('instance')
  return { root, own, id, port }
}

/** An instance, and an environment in which only a Docker context leads to the engine. */
async function hostWithContext(isCurrent: boolean): Promise<{ host: Instance; env: Record<string, string | null> }> {
  const id = uniqueName('web')
  const host = await makeInstance({
    ...webStacklet({ id }),
    ...desiredRunning(id),
    '.gitignore': '.stack/\n.env\nconfig/\n',
  })
  const { dockerHost, env } = testEngine()
  const name = createHash('sha256').update('mine').digest('hex')
  const meta = { Name: 'mine', Metadata: {}, Endpoints: { docker: { Host: dockerHost, SkipTLSVerify: false } } }
  await host.write(`config/contexts/meta/${name}/meta.json`, JSON.stringify(meta))
  await host.write('config/config.json', JSON.stringify(isCurrent ? { currentContext: 'mine' } : {}))
  await symlink(join(env['DOCKER_CONFIG'] ?? '', 'cli-plugins'), join(host.folder, 'config/cli-plugins'))
  return { host, env: { DOCKER_HOST: null, DOCKER_CONFIG: join(host.folder, 'config') } }
}
