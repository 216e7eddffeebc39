import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { EngineNews } from '../../model/engine-news.ts'
import type { EngineEvents, NewsQuestion } from '../../ports/engine-events.ts'
import { connect, engineError } from './connect.ts'
import type { Endpoint } from './endpoint.ts'
import { eventLines } from './event-lines.ts'
import { eventFilters, happeningOf, readEvent } from './event-words.ts'
import { type NewsCursor, newsCursor, type Resumption, secondsOf } from './news-cursor.ts'
import { type OwnSubjects, ownSubjects } from './own-subjects.ts'

/** An engine that takes longer to answer hangs. */
const answerMs = 30_000
/** One that is well needs a few. */
const pingMs = 1_000
const firstPauseMs = 100
const longestPauseMs = 5_000

type FindEndpoint = () => Promise<Endpoint>
type OnNews = (news: EngineNews) => void

/** The news of the engine at this endpoint. Connects at the first call. */
export function engineEvents(findEndpoint: FindEndpoint): EngineEvents {
  return {
    listen: (question, onNews, signal) => listen(findEndpoint, question, onNews, signal),
    answers: (signal) => answers(findEndpoint, signal),
  }
}

interface Ear {
  readonly findEndpoint: FindEndpoint
  readonly cursor: NewsCursor
  readonly subjects: OwnSubjects
  readonly onNews: OnNews
  readonly signal: AbortSignal
}

async function listen(
  findEndpoint: FindEndpoint,
  question: NewsQuestion,
  onNews: OnNews,
  signal: AbortSignal,
): Promise<void> {
  const ear = { findEndpoint, cursor: newsCursor(question.sinceNs), subjects: ownSubjects(question), onNews, signal }
  let pauseMs = firstPauseMs
  let isLost = false
  while (!signal.aborted) {
    const heard = await hearUntilItBreaks(ear)
    if (signal.aborted) return
    if (heard.wasUp) pauseMs = firstPauseMs
    if (heard.wasUp || !isLost) onNews({ kind: 'engine-lost', atNs: nowNs(), why: heard.why })
    isLost = true
    await wait(pauseMs, undefined, { signal }).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

interface Heard {
  readonly wasUp: boolean
  readonly why: string
}

/** One stream, from its opening to its end. */
async function hearUntilItBreaks(ear: Ear): Promise<Heard> {
  let stream: Readable | null = null
  try {
    stream = await open(ear)
  } catch (thrown) {
    return { wasUp: false, why: wordsOf(thrown) }
  }
  for await (const line of eventLines(stream)) take(line, ear)
  return { wasUp: true, why: stream.errored === null ? 'the engine ended its news' : wordsOf(stream.errored) }
}

async function open({ findEndpoint, cursor, subjects, onNews, signal }: Ear): Promise<Readable> {
  const endpoint = await findEndpoint()
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
  try {
    const client = await connect(endpoint)
    const resumption = cursor.resume(nowNs())
    const isSeamless = await remembers(client, resumption, limit)
    subjects.know(await containersOn(client, limit))
    const stream = await eventsOf(client, { since: secondsOf(resumption.sinceNs) }, signal)
    onNews({ kind: 'engine-up', atNs: nowNs(), isSeamless })
    return stream
  } catch (thrown) {
    throw engineError(thrown, endpoint, 'listening to the engine')
  }
}

/** An engine that still knows the last thing we heard is the same one, and has forgotten nothing that came after. */
async function remembers(client: Docker, from: Resumption, abortSignal: AbortSignal): Promise<boolean> {
  if (from.isFirst || from.witnessNs === null) return from.isFirst
  const times = { since: secondsOf(from.sinceNs), until: secondsOf(from.witnessNs) }
  const stream = await eventsOf(client, times, abortSignal)
  for await (const _ of eventLines(stream)) return true
  return false
}

/** The library's types know whole seconds only; it hands the words on as they are. */
async function eventsOf(client: Docker, times: Times, abortSignal: AbortSignal): Promise<Readable> {
  const words: object = { ...times, filters: eventFilters, abortSignal }
  return (await client.getEvents(words)) as Readable
}

interface Times {
  readonly since: string
  readonly until?: string
}

async function containersOn(client: Docker, abortSignal: AbortSignal) {
  const listed = await client.listContainers({ all: true, abortSignal })
  return listed.map(({ Id, Names, Labels }) => ({ id: Id, name: Names[0] ?? '', labels: Labels }))
}

function take(line: string, { cursor, subjects, onNews }: Ear): void {
  const event = readEvent(line)
  if (event === null || !cursor.hear(event)) return
  const subject = subjects.subjectOf(event)
  const happening = happeningOf(event)
  if (subject !== null && happening !== null) onNews({ ...subject, ...happening, atNs: event.atNs })
}

/** A connection that is open already would be served to the end: only a new one tells. */
async function answers(findEndpoint: FindEndpoint, signal: AbortSignal): Promise<boolean> {
  try {
    const endpoint = await findEndpoint()
    const agent = endpoint.certificates === null ? new Agent() : new SecureAgent()
    const client = await connect(endpoint, { agent })
    await client.listContainers({ limit: 1, abortSignal: AbortSignal.any([signal, AbortSignal.timeout(pingMs)]) })
    return true
  } catch {
    signal.throwIfAborted()
    return false
  }
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

function nowNs(): string {
  return `${BigInt(Date.now()) * 1_000_000n}`
}
