import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { type RecordingProxy, startRecordingProxy } from '../engine/recording-proxy.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { changedPaths, snapshot } from './support/snapshot.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

/** Beside the instance: it is the one file that is asked for. */
const planFile = (id: string) => join(tmpdir(), `${id}.plan.json`)

const readingCommands = (id: string): readonly (readonly string[])[] => [
  ['plan'],
  ['plan', '--json'],
  ['plan', id],
  ['plan', '--ref', 'HEAD'],
  ['plan', '--ref', 'HEAD', '--out', planFile(id)],
  ['validate'],
  ['validate', '--json'],
  ['status'],
  ['status', id, '--json'],
  ['list'],
  ['list', '--json'],
  ['env', id],
  ['env', id, '--show-secrets', '--json'],
  ['ps'],
  ['ps', '--json'],
  ['config'],
  ['version'],
  ['help'],
]

it('reading commands and a second run make no call but GET and HEAD, and write no file but last-run', async () => {
  const { host, id, proxy } = await convergedHost()
  const before = await snapshot(host.folder)

  const answers = await everyAnswer(host, id, proxy)
  const afterReading = await snapshot(host.folder)
  const again = await host.stackWith({ DOCKER_HOST: proxy.dockerHost }, 'reconcile')
  const afterRun = await snapshot(host.folder)

  expect(answers.filter(({ code }) => code !== 0)).toEqual([])
  expect(changedPaths(before, afterReading)).toEqual([])
  expect(again).toMatchObject({ code: 0, stdout: '' })
  expect(changedPaths(afterReading, afterRun)).toEqual(['.stack', '.stack/last-run'])
  expect(proxy.calls().length).toBeGreaterThan(10)
  expect(writingCalls(proxy)).toEqual([])
})

it('reading commands change nothing on a host that differs from what is declared', async () => {
  const { host, id, proxy } = await convergedHost()
  await host.docker(['rm', '--force', `stack-${id}`])
  await host.write('desired/desired.toml', `[stacklets.${id}]\nenv = { GREETING = "changed" }\n`)
  const before = await snapshot(host.folder)

  const answers = await everyAnswer(host, id, proxy)

  expect(answers.find(({ words }) => words === 'plan')).toMatchObject({ code: 2 })
  expect(answers.find(({ words }) => words === 'plan --ref HEAD')).toMatchObject({ code: 2 })
  expect(changedPaths(before, await snapshot(host.folder))).toEqual([])
  expect(writingCalls(proxy)).toEqual([])
  expect(await allOf(host)).toEqual({})
})

it('before the first run reading commands write nothing at all', async () => {
  const id = uniqueName('web')
  const host = await makeInstance({ ...webStacklet({ id, manifest: generating }), ...desiredRunning(id) })
  const proxy = await startProxy()
  await host.commit('first')
  const before = await snapshot(host.folder)

  const answers = await everyAnswer(host, id, proxy)

  expect(answers.find(({ words }) => words === 'plan')).toMatchObject({ code: 2 })
  expect(changedPaths(before, await snapshot(host.folder))).toEqual([])
  expect(Object.keys(before).filter((path) => path.startsWith('.stack'))).toEqual([])
  expect(writingCalls(proxy)).toEqual([])
})

it('help, version, validate and env need no engine', async () => {
  const id = uniqueName('web')
  const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
  await host.commit('first')
  const nowhere = { DOCKER_HOST: `unix://${host.folder}/none.sock` }

  for (const words of [['help'], ['version'], ['validate'], ['plan', '--help'], ['env', id]]) {
    expect(await host.stackWith(nowhere, ...words), words.join(' ')).toMatchObject({ code: 0, stderr: '' })
  }
})

const generating = '\n[env]\ngenerate = ["PASSWORD"]\n'

async function convergedHost(): Promise<{ host: Instance; id: string; proxy: RecordingProxy }> {
  const id = uniqueName('web')
  const port = await freePort()
  const health = `\n[health]\nurl = "http://127.0.0.1:${port}/"\n`
  const files = { ...webStacklet({ id, port, manifest: generating + health }), ...desiredRunning(id) }
  const host = await makeInstance(files)
  await host.commit('first')
  const run = await host.stack('reconcile')
  expect(run.code, run.stderr).toBe(0)
  return { host, id, proxy: await startProxy() }
}

async function startProxy(): Promise<RecordingProxy> {
  const proxy = await startRecordingProxy(testEngine().dockerHost)
  onTestFinished(() => proxy.stop())
  return proxy
}

async function everyAnswer(host: Instance, id: string, proxy: RecordingProxy) {
  onTestFinished(() => rm(planFile(id), { force: true }))
  const answers = readingCommands(id).map(async (words) => {
    const { code, stderr } = await host.stackWith({ DOCKER_HOST: proxy.dockerHost }, ...words)
    return { words: words.join(' '), code, stderr }
  })
  return Promise.all(answers)
}

function writingCalls(proxy: RecordingProxy) {
  return proxy.calls().filter(({ method }) => method !== 'GET' && method !== 'HEAD')
}
