import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { engineEvents } from '../../../reconciler/adapters/docker/engine-events.ts'
import type { EngineNews } from '../../../reconciler/model/engine-news.ts'

const labels = { 'stack.instance': 'me', 'stack.stacklet': 'photos' }

describe('listening to an engine', () => {
  it('tells what happens, piece by piece, however the pieces fall', async () => {
    const engine = await speakingEngine()
    const { news, until } = hear(engine.address)
    await until('engine-up')
    const line = engine.line('die', { name: 'größe', exitCode: '1' })
    const bytes = Buffer.from(`nonsense\n${line}\n`)

    for (const byte of bytes) engine.write(Buffer.from([byte]))

    await until('died')
    expect(news.at(-1)).toMatchObject({ kind: 'died', name: 'größe', exitCode: 1, stacklet: 'photos' })
  })

  it('goes on after a break where it was, tells nothing twice and leaves nothing out', async () => {
    const engine = await speakingEngine()
    const { news, until } = hear(engine.address)
    await until('engine-up')
    engine.say('start')
    await until('started')

    engine.breakOff()
    engine.say('die')
    await until('died')

    const words = news.map(({ kind }) => kind)
    expect(words).toEqual(['engine-up', 'started', 'engine-lost', 'engine-up', 'died'])
    expect(news[3]).toMatchObject({ isSeamless: true })
  })

  it('says so when the engine is another one, and tells what that remembers', async () => {
    const engine = await speakingEngine()
    const { news, until } = hear(engine.address)
    await until('engine-up')
    engine.say('start')
    await until('started')

    engine.forget()
    engine.breakOff()
    engine.say('stop')
    await until('stopped')

    expect(news.filter(({ kind }) => kind === 'engine-up').at(-1)).toMatchObject({ isSeamless: false })
  })

  it('does not claim that nothing is missing when it had heard nothing', async () => {
    const engine = await speakingEngine()
    const { news, until } = hear(engine.address)
    await until('engine-up')

    engine.breakOff()
    engine.say('die')
    await until('died')

    expect(news.filter(({ kind }) => kind === 'engine-up').at(-1)).toMatchObject({ isSeamless: false })
  })

  it('begins where an earlier listening ended', async () => {
    const engine = await speakingEngine()
    const [heard] = [engine.say('start'), engine.say('die')]

    const { news, until } = hear(engine.address, heard)
    await until('died')

    expect(news.map(({ kind }) => kind)).toEqual(['engine-up', 'died'])
    expect(news[0]).toMatchObject({ isSeamless: true })
  })

  it('says once that nobody is there, and tries on', async () => {
    const address = `unix://${join(folder(), 'docker.sock')}`
    const { news, until } = hear(address)
    await until('engine-lost')
    await new Promise((resolve) => setTimeout(resolve, 350))

    await speakingEngine(address)
    await until('engine-up')

    expect(news.map(({ kind }) => kind)).toEqual(['engine-lost', 'engine-up'])
  })

  it('survives many broken streams, and leaves no listener behind', async () => {
    const warnings: Error[] = []
    const warn = (warning: Error): void => void warnings.push(warning)
    process.on('warning', warn)
    onTestFinished(() => void process.off('warning', warn))
    const engine = await speakingEngine()
    const { news, until } = hear(engine.address)

    for (let round = 1; round <= 30; round += 1) {
      await until('engine-up', round)
      engine.breakOff()
    }

    await until('engine-up', 31)
    expect(news.filter(({ kind }) => kind === 'engine-lost')).toHaveLength(30)
    expect(warnings).toEqual([])
  })

  it('ends what it does when it is cancelled, and throws nothing', async () => {
    const engine = await speakingEngine()
    const { until, cancel, ended } = hear(engine.address)
    await until('engine-up')

    cancel.abort()

    await expect(ended).resolves.toBeUndefined()
  })

  it('passes on what its listener throws: that is no broken stream', async () => {
    const engine = await speakingEngine()
    const failing = engineEvents(async () => ({ address: engine.address, certificates: null })).listen(
      { sinceNs: null, instance: 'me', ownerOf: () => null },
      ({ kind }) => {
        if (kind === 'died') throw new Error('a bug of the listener')
      },
      new AbortController().signal,
    )
    await engine.heard()
    engine.say('die')

    await expect(failing).rejects.toThrow('a bug of the listener')
  })
})

describe('whether an engine answers', () => {
  const { signal } = new AbortController()
  const answers = (address: string) => engineEvents(async () => ({ address, certificates: null })).answers(signal)

  it('is asked on a connection of its own', async () => {
    const engine = await speakingEngine()
    const { until } = hear(engine.address)
    await until('engine-up')
    const before = await answers(engine.address)

    engine.takeNoMore()

    expect([before, await answers(engine.address)]).toEqual([true, false])
  })

  it('is no where nobody listens', async () => {
    expect(await answers(`unix://${join(folder(), 'docker.sock')}`)).toBe(false)
  })
})

function hear(address: string, sinceNs: string | null = null) {
  const news: EngineNews[] = []
  const cancel = new AbortController()
  const events = engineEvents(async () => ({ address, certificates: null }))
  const question = { sinceNs, instance: 'me', ownerOf: () => null }
  const ended = events.listen(question, (one) => void news.push(one), cancel.signal)
  onTestFinished(async () => {
    cancel.abort()
    await ended
  })
  const until = (kind: EngineNews['kind'], times = 1) =>
    vi.waitFor(() => expect(news.filter((one) => one.kind === kind).length).toBeGreaterThanOrEqual(times), {
      timeout: 5_000,
      interval: 5,
    })
  return { news, cancel, ended, until }
}

/** A server that speaks as much of the engine's API as listening needs. */
async function speakingEngine(at = `unix://${join(folder(), 'docker.sock')}`) {
  let remembered: { readonly atNs: bigint; readonly text: string }[] = []
  let lastNs = 0n
  const streams = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://engine')
    if (url.pathname.endsWith('/containers/json')) response.end('[]')
    else tell(url, request, response)
  })
  function tell(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const [since, until] = ['since', 'until'].map((name) => nsOf(url.searchParams.get(name)))
    const wanted = remembered.filter(({ atNs }) => atNs >= (since ?? 0n) && (until === null || atNs <= (until ?? 0n)))
    response.flushHeaders()
    for (const { text } of wanted) response.write(`${text}\n`)
    if (until !== null) return void response.end()
    streams.add(response)
    request.on('close', () => streams.delete(response))
  }
  const line = (action: string, attributes: object = {}): string => {
    const nowNs = BigInt(Date.now()) * 1_000_000n
    lastNs = (nowNs > lastNs ? nowNs : lastNs) + 1n
    const actor = { ID: 'c1', Attributes: { ...labels, name: 'photos-web-1', ...attributes } }
    const text = JSON.stringify({ Type: 'container', Action: action, Actor: actor })
    return `${text.slice(0, -1)},"timeNano":${lastNs}}`
  }
  const write = (bytes: Buffer | string): void => {
    for (const stream of streams) stream.write(bytes)
  }
  server.listen(at.slice('unix://'.length))
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    address: at,
    line,
    write,
    /** Answers its time. */
    say(action: string): string {
      const text = line(action)
      remembered.push({ atNs: lastNs, text })
      write(`${text}\n`)
      return `${lastNs}`
    },
    breakOff() {
      for (const stream of streams) stream.socket?.destroy()
      streams.clear()
    },
    forget() {
      remembered = []
    },
    takeNoMore: () => void server.close(),
    heard: () => vi.waitFor(() => expect(streams.size).toBe(1)),
  }
}

function nsOf(seconds: string | null): bigint | null {
  return seconds === null ? null : BigInt(seconds.replace('.', ''))
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'stackloop-events-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}
