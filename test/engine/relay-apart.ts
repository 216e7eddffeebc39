/** `relay-apart.ts PORT SOCKET`: takes connections at 127.0.0.1:PORT of the network namespace it finds itself in to a socket file. */
import { connect, createServer } from 'node:net'

const [port = '', socketPath = ''] = process.argv.slice(2)
const server = createServer((near) => {
  const far = connect(socketPath)
  for (const side of [near, far]) side.on('error', () => [near, far].map((one) => one.destroy()))
  near.pipe(far).pipe(near)
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready'))
