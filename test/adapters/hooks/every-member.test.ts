import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { besideThem, everyMember } from './every-member.ts'
import { type HookFolder, hookFolder } from './hook-folder.ts'
import { httpEcho } from './http-echo.ts'

const ownNames = ['DATA_DIR', 'DOMAIN', 'ID', 'INSTANCE'].flatMap((name) => [`STACK_${name}`, `FAMSTACK_${name}`])

describe.each(['on_install.py', 'on_install.ts'] as const)('ctx in %s', (hook) => {
  let folder: HookFolder
  let lines: readonly string[]
  let report: Record<string, unknown>

  beforeAll(async () => {
    const echo = await httpEcho()
    folder = hookFolder()
    for (const [path, text] of Object.entries(besideThem)) folder.write(path, text)
    const text = everyMember[hook].replaceAll('URL', echo.url).replace('NAMES', JSON.stringify(ownNames))
    folder.write(`hooks/${hook}`, text)
    lines = await folder.run(hook)
    report = JSON.parse(readFileSync(join(folder.root, 'report.json'), 'utf8'))
    echo.close()
  })
  afterAll(() => folder.remove())

  it('knows the rendered environment, and our names under both prefixes', () => {
    const { root } = folder
    expect(report['port']).toBe('42010')
    expect(report['names']).toEqual([`${root}/data`, 'home.test', 'photos', root].flatMap((value) => [value, value]))
  })

  it('knows the stacklet, the users and the instance', () => {
    const { root } = folder
    expect(report).toMatchObject({
      id: 'photos',
      users: 'Homer Simpson',
      root,
      instance: root,
      data: `${root}/data/photos`,
    })
  })

  it('finds what lies beside it, at its real path', () => {
    expect(report['siblings']).toEqual(['seed', 'beside'])
  })

  it('reads its own secret, then the one for all, then none', () => {
    expect(report).toMatchObject({
      'own secret': 'photos-key-1',
      'secret for all': 'admin-secret-1',
      store: 'admin-secret-1',
      'no secret': null,
    })
  })

  it('writes a secret that is kept and readable at once', () => {
    expect(report['fresh secret']).toBe('fresh-token-1')
    expect(folder.secrets).toMatchObject({ photos__TOKEN: 'fresh-token-1', photos__API_KEY: 'photos-key-1' })
  })

  it('reads its own section of the settings, where an empty text is nothing', () => {
    expect(report).toMatchObject({ setting: 'high', 'no setting': null, 'empty setting': null, default: 'so' })
  })

  it('writes into its own section of the host, where stack.toml still wins', () => {
    expect(report).toMatchObject({ 'fresh setting': 'home.test', 'fixed setting': 'high' })
    expect(folder.settings).toEqual({ photos: { server_name: 'home.test', quality: 'low' } })
  })

  it('runs a shell with the environment, but not with a PATH meant for a container', () => {
    expect(report['shell']).toBe('one\n42010')
    expect(report['shell path']).toMatch(/\/ls$/)
  })

  it('fails for a failed shell with its exit code, words and stderr', () => {
    const command = 'echo it already exists >&2; exit 3'
    expect(report['failed shell']).toBe(`Command failed (exit 3): ${command}\nit already exists`)
  })

  it('asks over HTTP: JSON in and out, a text form-encoded', () => {
    const form = 'application/x-www-form-urlencoded'
    const json = { type: 'application/json', token: null, body: expect.stringMatching(/^\{"a": ?1\}$/) }
    expect(report['get']).toEqual({ method: 'GET', type: null, token: 't', body: '' })
    expect(report['form']).toEqual({ method: 'POST', type: form, token: null, body: 'user=a&password=b' })
    expect(report['json']).toEqual({ ...json, method: 'POST' })
    expect(report['put']).toEqual({ ...json, method: 'PUT' })
    expect(report).toMatchObject({ moved: 'GET', text: 'pong' })
  })

  it('fails for a refusal with the status and what the body says', () => {
    expect(report['refused']).toBe('400 Bad Request: {"error": "the admin is there already"}')
  })

  it('runs a command of either language before the first run has ended, and gets what it returned', () => {
    expect(report['command']).toEqual({ seeded: ['a', '--b c'], into: 'photos' })
    expect(report['failed command']).toEqual({ error: 'the album already exists' })
    expect(report['no command']).toEqual({ error: 'photos has no command "sead"' })
    expect(lines).toContain('seeding')
  })

  it('tells its steps, its warnings and what it prints', () => {
    expect(lines).toEqual(expect.arrayContaining(['a step', 'warning: a warning', 'live']))
  })
})
