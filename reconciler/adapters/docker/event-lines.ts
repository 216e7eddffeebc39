import type { Readable } from 'node:stream'

/** No event is nearly as long; what is would be held in memory until it ends. */
const longestLine = 1_000_000

/** The lines of a stream as they come, however the pieces fall. What breaks it ends it: `stream.errored` says what it was. */
export async function* eventLines(stream: Readable): AsyncGenerator<string> {
  // What breaks a stream that nobody reads any more would end the process.
  stream.on('error', () => {})
  stream.setEncoding('utf8')
  let rest = ''
  for await (const piece of unbroken(stream)) {
    const lines = `${rest}${piece}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) rest = ''
    for (const line of lines) if (line !== '') yield line
  }
}

async function* unbroken(stream: Readable): AsyncGenerator<string> {
  try {
    yield* stream
  } catch (thrown) {
    if (stream.errored === null) throw thrown
  }
}
