import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service that answers what it was sent; `/exists` refuses, `/text` is no JSON, `/moved` leads elsewhere. */
export async function httpEcho() {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, headers, url } = request
    if (url === '/exists') return response.writeHead(400).end('{"error": "the admin is there already"}')
    if (url === '/text') return response.end('pong')
    if (url === '/moved') return response.writeHead(302, { location: '/echo' }).end()
    const sent = { method, type: headers['content-type'] ?? null, token: headers['x-token'] ?? null }
    return response.end(JSON.stringify({ ...sent, body: Buffer.concat(chunks).toString('utf8') }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
