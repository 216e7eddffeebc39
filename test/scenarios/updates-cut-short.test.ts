import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { commandLine } from './support/instance.ts'
import { published } from './support/published.ts'
import { kind, type Mood, registryFront } from './support/registry-front.ts'
import { type Updatable, updatable } from './support/updatable.ts'

/** Each is two or three whole runs. */
vi.setConfig({ testTimeout: 300_000 })

const update = 'channel = "digest"'

/** Every layer breaks off in the middle. */
const breaking: Mood = (request, response) => {
  if (request.method !== 'GET' || !request.url?.includes('/blobs/')) return false
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '1000000' })
  response.write('half')
  setTimeout(() => response.destroy(), 20)
  return true
}

it('a pull that breaks off leaves everything as it is, and the next update goes on', async () => {
  const front = await registryFront()
  const { repository, pushWeb } = published(front.address)
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update })
  await host.update()
  await pushWeb('1.1', '1')
  const images = await host.docker(['image', 'ls', '--quiet', '--filter', `reference=${repository}`])
  expect(images.split('\n')).toHaveLength(1)
  await host.docker(['builder', 'prune', '--all', '--force'])
  const head = await host.git('rev-parse', 'HEAD')

  front.setMood(breaking)
  const broken = await host.update()

  expect(broken).toMatchObject({ code: 1, image: { decision: 'failed', because: expect.stringContaining('pull of') } })
  expect(await host.says()).toBe('1.0')
  expect(await host.git('rev-parse', 'HEAD')).toBe(head)

  front.setMood(kind)
  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await host.says()).toBe('1.1')
})

it('one that is killed after its commit is settled by the next', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update })
  await pushWeb('1.1', '1')

  await killedAfterCommit(host)

  expect(JSON.parse(await host.read('.stack/first-seen')).begun).toHaveLength(1)
  const answer = await host.update()
  expect(answer, answer.stderr).toMatchObject({ code: 0, image: { decision: 'up-to-date' } })
  expect(await host.says()).toBe('1.1')
  expect(JSON.parse(await host.read('.stack/first-seen')).begun).toEqual([])
})

it('one that is killed after its commit, with an image that is no good, is put back by the next', async () => {
  const { repository, push, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update })
  await push('FROM scratch\nCMD ["/nothing"]\n', '1')

  await killedAfterCommit(host)
  const answer = await host.update()

  expect(answer).toMatchObject({ code: 1, image: { decision: 'quarantined' } })
  expect(await host.says()).toBe('1.0')
  expect(await host.git('log', '--format=%s', '-1')).toBe(`put back ${host.id} web`)
  expect(await host.stack('plan')).toMatchObject({ code: 0 })
})

it('a disk without room for a copy of the data stops nothing: what ran runs, and nothing is left of the copy', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({
    image: `${repository}:1`,
    update: `${update}\nsnapshot = true`,
    service: `    volumes: ["\${DATA_DIR}/db:/data"]\n`,
    manifest: '[env.defaults]\nDATA_DIR = "{data_dir}"\n',
    onData: smallDisk,
  })
  await host.docker(['exec', `stack-${host.id}`, 'dd', 'if=/dev/urandom', 'of=/data/file', 'bs=1M', 'count=6'])
  await pushWeb('1.1', '1')
  const head = await host.git('rev-parse', 'HEAD')

  const answer = await host.update()

  expect(answer).toMatchObject({
    code: 1,
    image: {
      decision: 'failed',
      because: expect.stringMatching(/^there is no room for a copy of what .*; make room there/),
    },
  })
  expect(await host.says()).toBe('1.0')
  expect(await host.git('log', '--format=%s', `${head}..`)).not.toContain('update ')
  expect(await readdir(join(host.folder, 'data/.snapshots'))).toEqual([])
  expect(await host.stack('plan')).toMatchObject({ code: 0 })
})

it('an image that was replaced goes after [updates] keep', async () => {
  const { repository, pushWeb } = published()
  const old = await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update, settings: '[updates]\nkeep = 0\n' })
  const fresh = await pushWeb('1.1', '1')
  const isHere = (digest: string) =>
    host.docker(['image', 'inspect', `${repository}@${digest}`]).then(
      () => true,
      () => false,
    )
  expect(await isHere(old)).toBe(true)

  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })

  expect([await isHere(old), await isHere(fresh)]).toEqual([false, true])
})

it('verify = "cosign" without the program is no pass', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: `${update}\nverify = "cosign"` })
  await host.write('desired/cosign.pub', 'a key')
  await host.commit('a key')
  await pushWeb('1.1', '1')

  const answer = await host.update()

  expect(answer).toMatchObject({ code: 1, image: { decision: 'failed', because: expect.stringContaining('cosign') } })
  expect(await host.says()).toBe('1.0')
})

/** The data folder on a disk of 10 MB. */
async function smallDisk(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const mounted = await run(['mount', '-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', folder])
  if (mounted.exitCode !== 0) throw new Error(mounted.stderr)
  onTestFinished(async () => {
    await run(['umount', '--lazy', folder])
  })
}

/** Ends the program, and what it started, as soon as git has its commit. */
async function killedAfterCommit(host: Updatable): Promise<void> {
  const [program = '', ...words] = commandLine(['update'])
  const child = spawn(program, words, { cwd: host.folder, env: { ...host.env }, stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (child.exitCode === null && !(await host.git('log', '--format=%s', '-1')).startsWith('update ')) await sleep(10)
  child.kill('SIGKILL')
  await ended
}
