import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { desired, type UpstreamFolders, upstreamFolders } from './upstream-folders.ts'

let folders: UpstreamFolders

beforeEach(() => {
  folders = upstreamFolders()
})
afterEach(() => {
  vi.unstubAllEnvs()
  folders.remove()
})

describe('a remote that is away', () => {
  it.each([
    ['has no repository at its path', '/no/such/home.git', /does not appear to be a git repository/],
    ['refuses the connection', 'ssh://git@127.0.0.1:1/home.git', /Connection refused/],
    ['has an unknown name', 'https://no-such-host.invalid/home.git', /Could not resolve host/],
    [
      'speaks no protocol that git knows',
      'gopher://127.0.0.1/home.git',
      /remote-gopher|not a git command|Unable to find/,
    ],
    ['would run a program', 'ext::sh -c "touch /tmp/pwned"', /transport 'ext' not allowed/],
  ])('is told when it %s, and nothing moves', async (_, remote, why) => {
    const before = folders.head()

    expect(await folders.peek({ remote })).toMatchObject({ kind: 'unreachable', why: expect.stringMatching(why) })
    expect(await folders.follow({ remote })).toMatchObject({ kind: 'unreachable', why: expect.stringMatching(why) })
    expect(folders.head()).toBe(before)
    expect(folders.host.git('for-each-ref', 'refs/stack')).toBe('')
  })

  it('is told without the password of its address, odd ones too', async () => {
    for (const remote of ['https://ada:hunter2@127.0.0.1:1/home.git', 'https://ada:hun@ter2@127.0.0.1:1/home.git']) {
      const answers = [await folders.peek({ remote }), await folders.follow({ remote })]

      expect(answers.map(({ kind }) => kind)).toEqual(['unreachable', 'unreachable'])
      expect(JSON.stringify(answers)).not.toMatch(/hun|ter2/)
      expect(JSON.stringify(answers)).toContain('https://***@127.0.0.1:1/home.git main')
    }
  })
})

describe('a remote that takes the call and never answers', () => {
  let server: Server
  let address: string

  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => {}).resume())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const found = server.address()
    address = typeof found === 'object' ? `127.0.0.1:${found?.port}` : ''
  })
  afterEach(() => {
    server.close()
  })

  it.each(['http', 'git', 'ssh'])('is given up by %s after a silence, and leaves no process', async (scheme) => {
    const remote = `${scheme}://${address}/home.git`

    const answer = await folders.peek({ remote })

    expect(answer).toMatchObject({ kind: 'unreachable', why: 'it said nothing for 1 s' })
    expect(await connections(server)).toBe(0)
  })

  it('is given up at once when the run is cancelled', async () => {
    const stop = new AbortController()
    const answer = folders.upstream.follow({ remote: `git://${address}/x`, branch: null, verify: 'none' }, stop.signal)
    server.once('connection', () => stop.abort(new Error('enough')))

    await expect(answer).rejects.toThrow('enough')
  })
})

describe('the way to a remote', () => {
  it('is the one of whoever runs this: GIT_SSH_COMMAND and the agent reach git', async () => {
    folders.host.writeExecutable(
      '.git/ssh',
      `#!/bin/sh\necho "$SSH_AUTH_SOCK $*" > ${folders.host.path}/.git/called\nexec git-upload-pack ${folders.remote.path}\n`,
    )
    vi.stubEnv('GIT_SSH_COMMAND', `${folders.host.path}/.git/ssh`)
    vi.stubEnv('SSH_AUTH_SOCK', '/run/agent.sock')
    const to = folders.push(desired, 'two\n')

    expect(await folders.follow({ remote: 'git@example.org:home.git' })).toMatchObject({ kind: 'moved', to })
    expect(folders.read('.git/called')).toContain('/run/agent.sock')
    expect(folders.read('.git/called')).toContain('git@example.org')
  })
})

async function connections(server: Server): Promise<number> {
  const count = () => new Promise<number>((resolve) => server.getConnections((_, found) => resolve(found)))
  await vi.waitFor(async () => expect(await count()).toBe(0))
  return count()
}
