import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { dockerLogin } from '../../../reconciler/adapters/registry/docker-logins.ts'

const { signal } = new AbortController()
const encoded = (text: string): string => Buffer.from(text).toString('base64')

/** A folder of Docker's own, with this config and with these helpers in the path. */
function docker(config: unknown, helpers: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stackloop-docker-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config))
  for (const [name, script] of Object.entries(helpers)) {
    const path = join(folder, `docker-credential-${name}`)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }
  return { DOCKER_CONFIG: folder, PATH: `${folder}:/usr/bin:/bin` }
}

async function loginFor(registry: string, env: ReturnType<typeof docker>): Promise<string | null> {
  const login = await dockerLogin(registry, { env }, signal)
  return login === null ? null : `${login.username}:${login.password.reveal()}`
}

/** Answers for the server that it was given on stdin. */
const knowsGhcr = `read server
case "$1 $server" in
"get ghcr.io") echo '{"ServerURL":"ghcr.io","Username":"bob","Secret":"from the helper"}' ;;
*) echo "credentials not found in native keychain"; exit 1 ;;
esac`

it.each([
  ['ghcr.io', { auths: { 'ghcr.io': { auth: encoded('ada:pass:word') } } }, 'ada:pass:word'],
  ['ghcr.io', { auths: { 'https://ghcr.io/v2/': { auth: encoded('ada:x') } } }, 'ada:x'],
  ['docker.io', { auths: { 'https://index.docker.io/v1/': { auth: encoded('ada:hub') } } }, 'ada:hub'],
  ['ghcr.io', { auths: { 'ghcr.io': { username: 'ada', password: 'plain' } } }, 'ada:plain'],
  ['ghcr.io', { auths: { 'quay.io': { auth: encoded('ada:x') } } }, null],
  ['ghcr.io', { auths: { 'ghcr.io': {} } }, null],
  ['ghcr.io', {}, null],
  ['ghcr.io', 'no JSON', null],
])('%s in the file', async (registry, config, login) => {
  expect(await loginFor(registry, docker(config))).toBe(login)
})

it('asks the store of all, over stdin', async () => {
  expect(await loginFor('ghcr.io', docker({ credsStore: 'chain' }, { chain: knowsGhcr }))).toBe('bob:from the helper')
})

it('asks the helper of one registry before that', async () => {
  const config = { credsStore: 'chain', credHelpers: { 'ghcr.io': 'own' } }
  const own = `cat >/dev/null; echo '{"Username":"carl","Secret":"own"}'`

  expect(await loginFor('ghcr.io', docker(config, { chain: knowsGhcr, own }))).toBe('carl:own')
})

it.each([
  ['knows nobody', 'exit 1'],
  ['talks rubbish', 'echo rubbish'],
  ['has a token that is no password', `echo '{"Username":"<token>","Secret":"x"}'`],
])('goes by the file where the helper %s', async (_, script) => {
  const config = { credsStore: 'chain', auths: { 'ghcr.io': { auth: encoded('ada:file') } } }

  expect(await loginFor('ghcr.io', docker(config, { chain: script }))).toBe('ada:file')
})

it('goes by the file where there is no such helper, and calls none by a path', async () => {
  const auths = { 'ghcr.io': { auth: encoded('ada:file') } }

  expect(await loginFor('ghcr.io', docker({ credsStore: 'missing', auths }))).toBe('ada:file')
  expect(await loginFor('ghcr.io', docker({ credsStore: '../../bin/sh', auths }))).toBe('ada:file')
})

it('is nobody without a config', async () => {
  expect(await dockerLogin('ghcr.io', { env: { DOCKER_CONFIG: '/nowhere' } }, signal)).toBe(null)
})
