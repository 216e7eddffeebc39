import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

import { debianMirror, mirrorIn } from '../../../reconciler/adapters/engine/debian-mirror.ts'

const stanza = `Types: deb
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main contrib
`

describe('mirrorIn', () => {
  it.each([
    ['a line', 'a.list', 'deb http://ftp.example/debian bookworm main', 'http://ftp.example/debian'],
    [
      'a line with options',
      'a.list',
      'deb [arch=amd64 signed-by=/k.gpg] https://m.example/debian/ trixie main',
      'https://m.example/debian',
    ],
    ['a comment', 'a.list', '# deb http://ftp.example/debian bookworm main', undefined],
    ['sources only', 'a.list', 'deb-src http://ftp.example/debian bookworm main', undefined],
    ['a foreign suite', 'a.list', 'deb http://archive.example/ubuntu noble main', undefined],
    ['security alone', 'a.list', 'deb http://security.example/debian-security bookworm-security main', undefined],
    ['another component', 'a.list', 'deb http://ftp.example/debian bookworm non-free', undefined],
    ['a disc', 'a.list', 'deb cdrom:[Debian]/ bookworm main', undefined],
    ['a stanza', 'a.sources', stanza, 'http://mirror.example/debian'],
    ['a disabled stanza', 'a.sources', `${stanza}Enabled: no\n`, undefined],
    ['a file apt ignores', 'a.sources.disabled', stanza, undefined],
  ])('reads %s', (_, file, text, mirror) => {
    expect(mirrorIn(file, text)).toBe(mirror)
  })
})

describe('debianMirror', () => {
  const etc = mkdtempSync(join(tmpdir(), 'apt-'))
  afterEach(() => rmSync(etc, { recursive: true, force: true }))

  it('takes the first of the machine, and Debian itself where there is none', async () => {
    expect(await debianMirror(join(etc, 'nowhere'))).toBe('http://deb.debian.org/debian')

    mkdirSync(join(etc, 'sources.list.d'), { recursive: true })
    writeFileSync(join(etc, 'sources.list'), '# moved to sources.list.d\n')
    writeFileSync(join(etc, 'sources.list.d/debian.sources'), stanza)

    expect(await debianMirror(etc)).toBe('http://mirror.example/debian')
  })
})
