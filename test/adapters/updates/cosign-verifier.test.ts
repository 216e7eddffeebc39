import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { cosignVerifier } from '../../../reconciler/adapters/updates/cosign-verifier.ts'

const { signal } = new AbortController()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackloop-cosign-'))
  writeFileSync(join(folder, 'cosign.pub'), 'a key')
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

/** A program of that name in the path. */
function cosign(script: string) {
  writeFileSync(join(folder, 'cosign'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'cosign'), 0o755)
}

function verify({ key = 'cosign.pub', reference = 'ghcr.io/x/web@sha256:ab', log = true } = {}) {
  const verifier = cosignVerifier({ instance: folder, env: { PATH: `${folder}:/usr/bin:/bin` } })
  return verifier.verify({ reference, key, log }, signal)
}

it('passes what the program verifies with that key', async () => {
  cosign(`printf '%s\\n' "$@" > ${folder}/words`)

  expect(await verify()).toBe(null)
  expect(readFileSync(join(folder, 'words'), 'utf8').trim().split('\n')).toEqual([
    'verify',
    '--key',
    join(folder, 'cosign.pub'),
    '--',
    'ghcr.io/x/web@sha256:ab',
  ])
})

it.each([
  ['without the public log, where that is said', { log: false }, '--insecure-ignore-tlog=true'],
  ['without TLS, at a registry of this machine', { reference: '127.0.0.1:5000/x@sha256:ab' }, '--allow-http-registry'],
])('asks %s', async (_, asked, word) => {
  cosign(`printf '%s\\n' "$@" > ${folder}/words`)

  await verify()
  expect(readFileSync(join(folder, 'words'), 'utf8')).not.toContain(word)
  await verify(asked)
  expect(readFileSync(join(folder, 'words'), 'utf8')).toContain(word)
})

it('does not pass what it refuses', async () => {
  cosign('echo "error during command execution: no matching signatures" >&2; exit 12')

  expect(await verify()).toBe('cosign does not verify it: no matching signatures')
})

it('does not pass anything without the program, or without the key', async () => {
  expect(await verify()).toMatch(/not installed/)
  cosign('exit 0')
  expect(await verify({ key: 'other.pub' })).toMatch(/no key other\.pub/)
})

it('takes no key from outside of the instance', async () => {
  cosign('exit 0')

  expect(await verify({ key: '../cosign.pub' })).toBe('the key ../cosign.pub lies outside of this instance')
})
