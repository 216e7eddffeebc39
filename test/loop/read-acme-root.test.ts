import { describe, expect, it } from 'vitest'
import { readAcmeRoot } from '../../reconciler/loop/read-acme-root.ts'
import type { SourceTree } from '../../reconciler/ports/instance-source.ts'
import { settings } from '../definitions/given.ts'

const pem = '-----BEGIN CERTIFICATE-----\nMIIB+2==\n-----END CERTIFICATE-----\n'
const named = settings('[caddy]\nacme_ca = "https://ca.lan/directory"\nacme_ca_root = "certs/root.crt"\n')

function treeOf(texts: Readonly<Record<string, string>>): SourceTree {
  return { files: [], text: async (path) => texts[path] ?? null }
}

describe('the root of an authority of one’s own', () => {
  it('is the text of the file that is named', async () => {
    expect(await readAcmeRoot(treeOf({ 'certs/root.crt': pem }), named)).toEqual({ text: pem, problems: [] })
  })

  it('is nothing where none is named', async () => {
    const unnamed = settings('[caddy]\nacme_ca = "https://ca.lan/directory"\n')

    expect(await readAcmeRoot(treeOf({ 'certs/root.crt': pem }), unnamed)).toEqual({ text: null, problems: [] })
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['is not there', {}, 'caddy.acme_ca_root names certs/root.crt, which there is none of'],
    ['is a key', { 'certs/root.crt': pem.replaceAll('CERTIFICATE', 'PRIVATE KEY') }, 'which is no certificate'],
    ['was cut short', { 'certs/root.crt': pem.slice(0, 30) }, 'which is no certificate'],
  ])('is refused where the file %s', async (_, texts, words) => {
    const { text, problems } = await readAcmeRoot(treeOf(texts), named)

    expect(text).toBeNull()
    expect(problems).toMatchObject([{ level: 'error', at: { file: 'stack.toml', line: 3, column: 16 }, about: null }])
    expect(problems[0]?.message).toContain(words)
  })
})
