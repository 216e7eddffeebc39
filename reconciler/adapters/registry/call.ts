/** What came back: an answer of HTTP with its whole body, or why there is none. */
export type Called =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'silence'; readonly why: string }

export interface CallOptions {
  readonly method: 'HEAD' | 'GET'
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** How long nothing may come: neither an answer nor the next piece of it. */
  readonly silenceMs: number
}

/** Tag lists are long; nothing that we ask for is longer than this. */
const longestBody = 8 * 1024 * 1024

/** One request. What goes wrong between here and there is told, not thrown; only being cancelled throws. */
export async function call(url: URL, { method, headers, signal, silenceMs }: CallOptions): Promise<Called> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silenceMs)
  const heard = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), silenceMs)
  }
  try {
    const answer = await fetch(url, { method, headers, signal: AbortSignal.any([signal, silence.signal]) })
    heard()
    const body = await bodyOf(answer, heard)
    if (body === null) return { kind: 'silence', why: 'its answer does not end' }
    return { kind: 'answer', status: answer.status, headers: answer.headers, body }
  } catch (thrown) {
    signal.throwIfAborted()
    if (silence.signal.aborted) return { kind: 'silence', why: `no answer within ${silenceMs / 1000} s` }
    return { kind: 'silence', why: wordsOf(thrown) }
  } finally {
    clearTimeout(timer)
  }
}

/** Null for one that is too long. */
async function bodyOf(answer: Response, heard: () => void): Promise<string | null> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of answer.body ?? []) {
    heard()
    length += piece.byteLength
    if (length > longestBody) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** `fetch failed` says nothing; the reason is the cause. */
function wordsOf(thrown: unknown): string {
  const { cause, message } = thrown as { cause?: { code?: string; message?: string }; message?: string }
  const code = cause?.code ?? ''
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name leads nowhere'
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was closed'
  return cause?.message ?? message ?? 'no answer'
}
