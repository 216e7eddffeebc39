import type { StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { SnippetSource } from '../model/route.ts'
import { readSnippet } from './snippet.ts'

/** What is wrong with a snippet before Caddy has seen it. */
export function checkSnippet(source: SnippetSource | null, about: StackletId): readonly Problem[] {
  if (source === null) return []
  const { faults } = readSnippet(source, 'example.internal')
  return faults.map((fault) => ({ level: 'error', code: 'route', ...fault, about }))
}
