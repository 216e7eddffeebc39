import type { HealthCheck } from '../../model/desired.ts'
import type { ProbeAnswer, Prober } from '../../ports/prober.ts'
import { askHttp, TooManyRedirects } from './ask-http.ts'
import { judgeAnswer, wantsBody } from './judge-answer.ts'

/** Asks over HTTP and HTTPS, each time over a connection of its own. */
export function httpProber(): Prober {
  return {
    ask: async (check, timeoutMs, signal) => {
      const timeUp = AbortSignal.timeout(timeoutMs)
      const answer = await ask(check, AbortSignal.any([signal, timeUp])).catch((error) => ({
        passed: false,
        why: timeUp.aborted && !signal.aborted ? `no answer within ${timeoutMs / 1000} s` : reason(error, signal),
      }))
      return { ...answer, why: withoutSecrets(answer.why, check) }
    },
  }
}

async function ask(check: HealthCheck, signal: AbortSignal): Promise<ProbeAnswer> {
  const url = check.url.reveal()
  if (!URL.canParse(url) || !/^https?:/i.test(url)) return { passed: false, why: 'the URL is not one of http or https' }

  const headers = Object.entries(check.headers).map(([name, value]) => [name, value.reveal()] as const)
  const question = { url: new URL(url), headers: Object.fromEntries(headers), wantsBody: wantsBody(check) }
  return judgeAnswer(check, await askHttp(question, signal))
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed before an answer came',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'no answer',
  EPROTO: 'it does not speak TLS',
  ERR_INVALID_CHAR: 'a header holds a character that cannot be sent',
  ERR_INVALID_HTTP_TOKEN: 'a header has a name that cannot be sent',
}

/** By code alone: messages of the system name hosts and headers, which may be made of secrets. */
function reason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'cancelled'
  if (error instanceof TooManyRedirects) return 'it redirects more than 5 times'
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return reasons[code] ?? (code.startsWith('HPE_') ? 'it does not speak HTTP' : code || 'the connection failed')
}

/** A service may repeat what it was sent. */
function withoutSecrets(why: string, { url, headers }: HealthCheck): string {
  const sent = [...Object.values(headers).map((value) => value.reveal()), ...valuesIn(url.reveal())]
  const words = sent.flatMap((text) => [text, ...text.split(/\s+/)]).filter((word) => word.length >= 6)
  return [...words].sort((a, b) => b.length - a.length).reduce((shown, word) => shown.replaceAll(word, '***'), why)
}

/** The parts of a URL that carry secrets: user, password, and values of the query. */
function valuesIn(text: string): readonly string[] {
  if (!URL.canParse(text)) return [text]
  const { username, password, searchParams } = new URL(text)
  return [decodeURIComponent(username), decodeURIComponent(password), ...searchParams.values()]
}
