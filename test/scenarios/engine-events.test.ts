import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../reconciler/adapters/clock/system-clock.ts'
import { engineEvents } from '../../reconciler/adapters/docker/engine-events.ts'
import type { EngineNews } from '../../reconciler/model/engine-news.ts'
import { watchDocker } from '../../watchers/docker.ts'
import { type EngineApart, furnishedEngine } from '../engine/engine-apart.ts'
import { docker20, docker26 } from '../engine/engine-versions.ts'
import type { TestImages } from '../engine/images.ts'
import { atTheEnd } from './support/at-the-end.ts'

const versions = [
  ['26.1', docker26],
  ['20.10', docker20],
] as const
const ours = ['--label', 'stack.instance=me', '--label', 'stack.stacklet=photos']
const clock = systemClock()

describe.each(versions)('the news of Docker %s', (_, binaries) => {
  const onEnd = atTheEnd()
  let engine: EngineApart
  let images: TestImages

  beforeAll(async () => {
    ;[engine, images] = await furnishedEngine(binaries, onEnd)
    await engine.docker(['network', 'create', 'beside'])
  })

  afterEach(async () => {
    const ids = await engine.docker(['ps', '--all', '--quiet'])
    if (ids !== '') await engine.docker(['rm', '--force', ...ids.split('\n')])
  })

  it('are what was done to a container of ours, each in its word', async () => {
    const { words, until } = await hearing()
    await run('one', ['--network', 'beside'])
    await run('sick', [], images.unhealthy)
    await run('stranger', ['--label', 'stack.instance=other'])
    await run('helper', ['--label', 'stack.helper=true'])

    await engine.docker(['exec', 'one', 'echo', 'a secret'])
    await engine.docker(['network', 'disconnect', 'beside', 'one'])
    await engine.docker(['network', 'connect', 'beside', 'one'])
    await engine.docker(['update', '--cpu-shares', '100', 'one'])
    await engine.docker(['pause', 'one'])
    await engine.docker(['unpause', 'one'])
    await engine.docker(['rename', 'one', 'uno'])
    await engine.docker(['kill', 'uno'])
    await engine.docker(['start', 'uno'])
    await engine.docker(['stop', '--time', '1', 'uno'])
    await until('unhealthy', 'sick')
    await engine.docker(['rm', '--force', 'uno', 'sick', 'stranger', 'helper'])
    await until('removed', 'uno')

    const told = words('one', 'uno')
    expect(inOrder(told, ['created', 'connected', 'started', 'disconnected', 'connected', 'updated'])).toEqual([])
    expect(inOrder(told, ['paused', 'unpaused', 'renamed', 'killed', 'died', 'started', 'stopped', 'removed'])).toEqual(
      [],
    )
    expect(words('sick')).toContain('unhealthy')
    expect(words('stranger', 'helper')).toEqual([])
  })

  it('go on after an engine that was killed, without what only it did', async () => {
    await run('one', ['--restart', 'always'])
    await run('two')
    const { news, until } = await hearing()
    const watch = watching()
    await vi.waitFor(() => expect(watch.looks).toContain(null))

    process.kill(await enginePid(), 'SIGKILL')
    await until('engine-lost')
    await engine.start(await binaries())
    await until('engine-up', undefined, 2)

    expect(news.filter(({ kind }) => kind === 'engine-up').at(-1)).toMatchObject({ isSeamless: false })
    await until('started', 'one')
    await engine.docker(['start', 'two'])
    await until('started', 'two')
    await engine.docker(['stop', '--time', '1', 'two'])
    await vi.waitFor(() => expect(watch.holds).toEqual(['two']), { timeout: 8_000 })
    expect(watch.looks.filter((stacklet) => stacklet === null).length).toBeGreaterThanOrEqual(2)
  })

  it('go on after a break as if nothing had been, with what happened meanwhile', async () => {
    await run('one')
    const relay = await relayTo(engine.env['DOCKER_HOST'] ?? '')
    const { news, until } = await hearing(relay.address)
    await engine.docker(['pause', 'one'])
    await until('paused', 'one')

    await relay.cut()
    await until('engine-lost')
    await engine.docker(['unpause', 'one'])
    await engine.docker(['kill', 'one'])
    await engine.docker(['rename', 'one', 'uno'])
    await relay.mend()
    await until('renamed', 'uno')

    const since = news.slice(news.findIndex(({ kind }) => kind === 'engine-lost'))
    expect(since.filter(({ kind }) => kind === 'engine-up')).toMatchObject([{ isSeamless: true }])
    expect(
      inOrder(
        since.map(({ kind }) => kind),
        ['engine-up', 'unpaused', 'killed', 'died', 'renamed'],
      ),
    ).toEqual([])
    expect(since.filter(({ kind }) => kind === 'paused' || kind === 'unpaused')).toHaveLength(1)
  })

  it('ask for a look at once when a container dies, and for none while a person may be stopping it', async () => {
    await run('one')
    const watch = watching()
    await vi.waitFor(() => expect(watch.looks).toContain(null))
    await clock.sleep(300, signal)
    watch.looks.length = 0

    const killedMs = performance.now()
    await engine.docker(['kill', 'one'])
    await vi.waitFor(() => expect(watch.looks).toContain('photos'), { interval: 5 })
    const seenMs = performance.now() - killedMs
    await engine.docker(['start', 'one'])
    await clock.sleep(1_500, signal)
    watch.looks.length = 0
    await engine.docker(['stop', '--time', '1', 'one'])

    expect(watch.looks).toEqual([])
    expect(seenMs).toBeLessThan(2_000)
    await vi.waitFor(() => expect(watch.holds).toEqual(['one']), { timeout: 8_000 })
  })

  it('are no hold when the engine itself is being stopped, though one container takes its time', async () => {
    await run('quick')
    await run('slow', ['--init=false'])
    const { until } = await hearing()
    const watch = watching()
    await vi.waitFor(() => expect(watch.looks).toContain(null))

    process.kill(await enginePid(), 'SIGTERM')
    await until('stopped', 'quick')
    await until('engine-lost')
    await engine.stop()
    await engine.start(await binaries())
    await until('engine-up', undefined, 2)
    await clock.sleep(2_500, signal)

    expect(watch.holds).toEqual([])
  })

  const { signal } = new AbortController()
  const findEndpoint = async () => ({ address: engine.env['DOCKER_HOST'] ?? '', certificates: null })
  const question = { sinceNs: null, instance: 'me', ownerOf: () => null }

  async function run(name: string, more: readonly string[] = [], image = images.busybox): Promise<void> {
    const command = image === images.busybox ? ['sleep', '1000'] : []
    await engine.docker(['run', '--detach', '--init', '--name', name, ...ours, ...more, image, ...command])
  }

  async function enginePid(): Promise<number> {
    const folder = dirname((engine.env['DOCKER_HOST'] ?? '').replace('unix://', ''))
    return Number(await readFile(join(folder, 'dockerd.pid'), 'utf8'))
  }

  async function hearing(address?: string) {
    const news: EngineNews[] = []
    const cancel = new AbortController()
    const events = engineEvents(async () => (address === undefined ? findEndpoint() : { address, certificates: null }))
    const ended = events.listen(question, (one) => void news.push(one), cancel.signal)
    onTestFinished(async () => {
      cancel.abort()
      await ended
    })
    const nameOf = (one: EngineNews): string | undefined => ('name' in one ? one.name : undefined)
    const until = (kind: EngineNews['kind'], name?: string, times = 1) =>
      vi.waitFor(
        () => {
          const found = news.filter((one) => one.kind === kind && nameOf(one) === name)
          expect(found.length, `${kind} ${name ?? ''}`).toBeGreaterThanOrEqual(times)
        },
        { timeout: 30_000, interval: 20 },
      )
    await until('engine-up')
    const words = (...names: readonly string[]) =>
      news.filter((one) => names.includes(nameOf(one) ?? '')).map(({ kind }) => kind)
    return { news, until, words }
  }

  function watching() {
    const looks: (string | null)[] = []
    const holds: string[] = []
    const cancel = new AbortController()
    const ended = watchDocker(
      {
        ...{ ...question, clock, events: engineEvents(findEndpoint), wasOurs: () => false, onStopping: () => {} },
        request: ({ stacklet }) => void looks.push(stacklet),
        onHold: ({ container }) => void holds.push(container),
      },
      cancel.signal,
    )
    onTestFinished(async () => {
      cancel.abort()
      await ended
    })
    return { looks, holds }
  }
})

/** A way to the engine that can be cut while the engine goes on. */
async function relayTo(dockerHost: string) {
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-relay-'))
  const path = join(folder, 'docker.sock')
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(dockerHost.replace('unix://', ''))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('error', () => to.destroy()).on('close', () => open.delete(from))
      from.pipe(to)
    }
  })
  const mend = async (): Promise<void> => {
    server.listen(path)
    await once(server, 'listening')
  }
  const cut = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of open) socket.destroy()
    await closed
  }
  onTestFinished(async () => {
    if (server.listening) await cut()
    await rm(folder, { recursive: true, force: true })
  })
  await mend()
  return { address: `unix://${path}`, cut, mend }
}

/** Those of the words that do not follow one another, with others in between or without. */
function inOrder(told: readonly string[], words: readonly string[]): readonly string[] {
  let at = 0
  return words.filter((word) => {
    const found = told.indexOf(word, at)
    if (found !== -1) at = found + 1
    return found === -1
  })
}
