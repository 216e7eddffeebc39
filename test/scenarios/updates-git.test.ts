import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { makeInstance } from './support/instance.ts'
import { published } from './support/published.ts'
import { type Updatable, updatable } from './support/updatable.ts'

const digest = 'channel = "digest"'

async function bareRemote(host: Pick<Updatable, 'git'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-remote-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await host.git('init', '--quiet', '--bare', '--initial-branch', 'main', folder)
  await host.git('remote', 'add', 'origin', folder)
  await host.git('push', '--quiet', '--set-upstream', 'origin', 'main')
  return folder
}

async function gitIn(folder: string, ...words: string[]): Promise<string> {
  return (await run(['git', '-C', folder, ...words])).stdout.trim()
}

/** One that runs 1.0 while the registry has 1.1. */
async function withNews(settings = '') {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: digest, settings })
  const fresh = await pushWeb('1.1', '1')
  return { host, fresh, repository }
}

it('with a remote an update is pushed, and a second host at that commit runs the same digest', async () => {
  const { host, fresh, repository } = await withNews()
  const remote = await bareRemote(host)

  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })

  const head = await host.git('rev-parse', 'HEAD')
  expect(await gitIn(remote, 'rev-parse', 'main')).toBe(head)
  const [first] = [await host.runs()]
  await host.docker(['rm', '--force', `stack-${host.id}`])
  const second = await makeInstance({})
  await second.git('fetch', '--quiet', remote, 'main')
  await second.git('reset', '--quiet', '--hard', 'FETCH_HEAD')
  await second.write('stack.toml', `[core]\ndata_dir = "${second.folder}/data"\n`)
  await second.commit('its own settings')
  expect(await second.stack('reconcile')).toMatchObject({ code: 0 })
  expect(await host.runs()).toBe(first)
  expect(first).toBe(`${repository}:1@${fresh} running`)
})

it('a remote that takes nothing leaves the lock to this host, with a warning', async () => {
  const { host, fresh } = await withNews()
  const remote = await bareRemote(host)
  await writeFile(join(remote, 'hooks/pre-receive'), '#!/bin/sh\nexit 1\n')
  await chmod(join(remote, 'hooks/pre-receive'), 0o755)
  const head = await host.git('rev-parse', 'HEAD')

  const answer = await host.update()

  expect(answer).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(answer.stderr).toContain('.stack/stack.lock')
  expect(await host.git('rev-parse', 'HEAD')).toBe(head)
  expect(await host.read('.stack/stack.lock')).toContain(fresh)
  expect(await host.says()).toBe('1.1')
  expect(await host.stack('plan')).toMatchObject({ code: 0 })
  expect((await host.update()).image).toMatchObject({ decision: 'up-to-date' })
})

it('write = "branch" changes nothing here until a person merges', async () => {
  const { host, fresh } = await withNews('[updates]\nwrite = "branch"\n')
  const remote = await bareRemote(host)
  const head = await host.git('rev-parse', 'HEAD')

  const answer = await host.update()

  expect(answer, answer.stderr).toMatchObject({ code: 0, image: { decision: 'update' } })
  expect(answer.stderr).toContain('stack/updates')
  expect(await host.says()).toBe('1.0')
  expect(await host.git('rev-parse', 'HEAD')).toBe(head)
  expect(await gitIn(remote, 'show', 'stack/updates:desired/stack.lock')).toContain(fresh)

  await host.git('fetch', '--quiet', 'origin', 'stack/updates')
  await host.git('merge', '--quiet', '--ff-only', 'FETCH_HEAD')
  expect(await host.stack('reconcile')).toMatchObject({ code: 0 })
  expect(await host.says()).toBe('1.1')
})

it.each([
  ['commit', 1],
  ['off', 0],
])('write = "%s" pushes nothing', async (write, commits) => {
  const { host } = await withNews(`[updates]\nwrite = "${write}"\n`)
  const remote = await bareRemote(host)
  const head = await host.git('rev-parse', 'HEAD')

  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })

  expect(await host.says()).toBe('1.1')
  expect(await gitIn(remote, 'rev-parse', 'main')).toBe(head)
  const own = (await host.git('rev-list', `${head}..HEAD`)).split('\n').filter((line) => line !== '')
  expect(own.length >= commits && (commits > 0 || own.length === 0)).toBe(true)
})
