import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dockerProbe } from '../../../reconciler/adapters/docker/docker-probe.ts'

const { signal } = new AbortController()

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'docker-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

describe('an engine', () => {
  it('that is not there is told with its address', async () => {
    const address = `unix://${folder()}/none.sock`

    const answer = await dockerProbe({ env: { DOCKER_HOST: address } }).engine(signal)

    expect(answer).toMatchObject({ kind: 'silent', address, why: 'ENOENT', isChosen: true })
    expect(answer).toMatchObject({ message: expect.stringContaining(address), hint: expect.any(String) })
  })

  it('that nobody chose is where Docker looks by itself', async () => {
    const answer = await dockerProbe({ env: { HOME: folder() }, answerMs: 2000 }).engine(signal)

    expect(answer.address).toBe('unix:///var/run/docker.sock')
  })

  it('that hangs is told as well', async () => {
    const socket = join(folder(), 'd.sock')
    const server = createServer(() => {}).listen(socket)
    onTestFinished(() => void server.close())

    const answer = await dockerProbe({ env: { DOCKER_HOST: `unix://${socket}` }, answerMs: 100 }).engine(signal)

    expect(answer).toMatchObject({ kind: 'silent', message: expect.stringContaining('no answer within 0.1 s') })
  })

  it('on another machine is none', async () => {
    const answer = await dockerProbe({ env: { DOCKER_HOST: 'ssh://me@host' } }).engine(signal)

    expect(answer).toMatchObject({ kind: 'silent', address: null, isChosen: true })
  })
})

describe('Compose', () => {
  function withPlugin(script: string) {
    const config = folder()
    mkdirSync(join(config, 'cli-plugins'))
    writeFileSync(join(config, 'cli-plugins/docker-compose'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(config, 'cli-plugins/docker-compose'), 0o755)
    return dockerProbe({ env: { DOCKER_CONFIG: config, PATH: '/usr/bin:/bin' } }).compose(signal)
  }

  it('tells its version', async () => {
    expect(await withPlugin('echo v2.26.1')).toMatchObject({ kind: 'works', version: '2.26.1' })
  })

  it('that does not know our options is broken, in its own words', async () => {
    const answer = await withPlugin('echo "unknown flag: --progress" >&2; exit 1')

    expect(answer).toMatchObject({ kind: 'broken', message: expect.stringContaining('unknown flag: --progress') })
  })
})
