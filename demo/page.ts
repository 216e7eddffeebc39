import { StackError } from '../reconciler/model/errors.ts'

const answerMs = 5000

/** The greeting on the page, as a reader sees it. */
export async function greetingOnPage(url: string, signal: AbortSignal): Promise<string> {
  const html = await fetchText(url, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]))
  const heading = /<h1>([\s\S]*?)<\/h1>/.exec(html)?.[1]
  if (heading === undefined) throw unreadable(url, 'it has no heading')
  return heading.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  try {
    return await (await fetch(url, { signal })).text()
  } catch (thrown) {
    const { cause, message } = thrown as Error
    throw unreadable(url, cause instanceof Error ? cause.message : message, thrown)
  }
}

function unreadable(url: string, why: string, cause?: unknown): StackError {
  return new StackError('STACK_UNHEALTHY', `the page at ${url} cannot be read: ${why}`, {
    hint: 'look at docker ps and docker logs; an engine on another machine publishes its ports there',
    cause,
  })
}
