/** Everything that comes on stdin, without the newline that an echo adds. */
export async function readStdin(signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  const stop = (): void => void process.stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  signal.removeEventListener('abort', stop)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
