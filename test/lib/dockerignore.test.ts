import { expect, it } from 'vitest'
import { isIgnored, patternsIn } from '../../reconciler/lib/dockerignore.ts'

const patterns = patternsIn('# not in the image\n*.md\n!README.md\n\nnode_modules\n**/*.log\r\n')

it.each([
  ['notes.md', true],
  ['README.md', false],
  ['docs/notes.md', false],
  ['node_modules/a/index.js', true],
  ['deep/er/x.log', true],
  ['main.js', false],
])('%s is ignored: %s', (path, ignored) => {
  expect(isIgnored(path, patterns)).toBe(ignored)
})

it('ignores nothing without patterns', () => {
  expect(isIgnored('main.js', [])).toBe(false)
})
