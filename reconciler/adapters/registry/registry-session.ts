import type { Login } from '../../ports/registry.ts'
import { authorization, refusal } from './authorization.ts'
import { inLanes } from './lanes.ts'
import { type Answered, type Failed, failed, type Pace, pacedCalls } from './paced-calls.ts'
import { registryAddress } from './registry-address.ts'

export interface SessionOptions extends Pace {
  readonly registry: string
  readonly findLogin: (signal: AbortSignal) => Promise<Login | null>
  /** How many questions may be under way at once. */
  readonly lanes: number
}

export interface Question {
  readonly method: 'HEAD' | 'GET'
  readonly url: URL
  readonly repository: string
  readonly accept: string
}

/** What one registry is asked in one check. */
export interface Session {
  readonly address: string
  /** Answers what came back with a status below 300, or why nothing did. */
  ask(question: Question, signal: AbortSignal): Promise<Answered | Failed>
}

export function openSession({ registry, findLogin, lanes, ...pace }: SessionOptions): Session {
  const address = registryAddress(registry)
  const lane = inLanes(lanes)
  const send = pacedCalls(pace)
  const authorize = authorization({ registry, address, findLogin, send })
  return {
    address,
    ask: ({ method, url, repository, accept }, signal) =>
      lane(async () => {
        const opened = await authorize(repository, signal)
        if (opened !== null && typeof opened !== 'string') return opened
        const headers = { accept, ...(opened === null ? {} : { authorization: opened }) }
        const answer = await send(url, { method, headers, signal })
        if (answer.kind === 'failed' || answer.status < 300) return answer
        return failed(refusal(answer.status, registry))
      }),
  }
}
