import { insidePath, isWithin } from '../lib/inside-path.ts'
import type { SourcePosition } from '../model/problem.ts'
import type { Snippet, SnippetSource } from '../model/route.ts'

/** What keeps a snippet from being given to Caddy, by its place. */
export interface SnippetFault {
  readonly message: string
  readonly hint: string
  readonly at: SourcePosition
}

/**
 * A snippet as Caddy gets it. Caddy itself would read any file that `import` names and any variable of its own environment, so
 * neither is left for it: imports of the directory are put in their place here, and everything else of that kind is refused.
 */
export function readSnippet(
  source: SnippetSource,
  domain: string,
): { readonly snippet: Snippet; readonly faults: readonly SnippetFault[] } {
  const folder = source.file.slice(0, source.file.lastIndexOf('/'))
  const reading: Reading = { folder, imports: source.imports, domain, blocks: blocksIn(source), lines: [], faults: [] }
  readLines(source.text, source.file, [], reading)
  const options = explainOptions(reading.lines)
  return {
    snippet: {
      text: `${reading.lines.map(({ text }) => text).join('\n')}\n`,
      lines: reading.lines.map(({ at }) => at),
    },
    faults: [...options, ...reading.faults],
  }
}

/** What a snippet's `import` lines name: files by path, if they are none of its own blocks. */
export function importsIn(text: string): readonly string[] {
  const names = text.split('\n').flatMap((line) => importLine.exec(line)?.[1] ?? [])
  return [...new Set(names.map((name) => name.replace(/^["`]|["`]$/g, '')))]
}

interface Line {
  readonly text: string
  readonly at: SourcePosition
}

interface Reading {
  readonly folder: string
  readonly imports: SnippetSource['imports']
  readonly domain: string
  /** Names of blocks `(name) { … }`, which `import name` repeats. */
  readonly blocks: ReadonlySet<string>
  readonly lines: Line[]
  readonly faults: SnippetFault[]
}

const importLine = /^\s*import\s+(\S+)\s*$/
/** Go counts U+0085 as a space, and JavaScript does not. */
const anyImport = /(?:^|[\s\u0085{}"`])import(?=[\s\u0085"`\\]|$)/
const blockImport = /^\s*import\s+([A-Za-z0-9_-]+)(?:\s|$)/

function blocksIn({ text, imports }: SnippetSource): ReadonlySet<string> {
  const names = [text, ...Object.values(imports)].flatMap((one) => [...one.matchAll(/^\s*\(([A-Za-z0-9_-]+)\)\s*\{/gm)])
  return new Set(names.map(([, name = '']) => name))
}

/** `within` are the files that led here: one of them again would never end. */
function readLines(text: string, file: string, within: readonly string[], reading: Reading): void {
  for (const [index, written] of text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .entries()) {
    const at = { file, line: index + 1, column: 0 }
    const line = { text: filledIn(written, at, reading), at }
    const isComment = /^\s*#/.test(written)
    const repeated = blockImport.exec(line.text)?.[1]
    if (isComment || !anyImport.test(line.text) || (repeated !== undefined && reading.blocks.has(repeated)))
      reading.lines.push(line)
    else putInPlace(line, [...within, file], reading)
  }
}

function putInPlace({ text, at }: Line, within: readonly string[], reading: Reading): void {
  const name = importLine.exec(text)?.[1]?.replace(/^["`]|["`]$/g, '') ?? null
  const place = placeOf(name, within, reading)
  if ('hint' in place) reading.faults.push({ ...place, at })
  else readLines(place.text, place.path, within, reading)
}

type ImportPlace = { readonly path: string; readonly text: string } | Pick<SnippetFault, 'message' | 'hint'>

function placeOf(name: string | null, within: readonly string[], { folder, imports }: Reading): ImportPlace {
  if (name === null)
    return { message: 'import is written with one file and nothing else', hint: 'put the text here instead' }
  const path = name.startsWith('/') ? null : insidePath(folder, name)
  if (path === null || !isWithin(path, folder))
    return { message: `import ${name} leads out of ${folder}`, hint: 'copy what it names into the directory' }
  const text = imports[path.slice(folder.length + 1)]
  if (text === undefined) return { message: `import names ${path}, which is not in git`, hint: 'correct it, or add it' }
  if (within.includes(path)) return { message: `${path} imports itself`, hint: 'take one of the imports out' }
  return { path, text }
}

/** `{$STACK_DOMAIN}`, with or without a default behind a colon. */
function filledIn(text: string, at: SourcePosition, { domain, faults }: Reading): string {
  return text.replace(/\{\$([^{}:]*)(?::[^{}]*)?\}/g, (whole, name: string) => {
    if (name === 'STACK_DOMAIN' || name === 'FAMSTACK_DOMAIN') return domain
    const message = `${whole} is not known here: a snippet has {$STACK_DOMAIN} alone`
    faults.push({ message, hint: 'write the value itself', at })
    return whole
  })
}

/** Options are for all sites at once, and belong to nobody. Caddy takes the first block without a name for them. */
function explainOptions(lines: readonly Line[]): readonly SnippetFault[] {
  const first = lines.find(({ text }) => text.trim() !== '' && !text.trim().startsWith('#'))
  if (first === undefined || !/^\s*\{(?:\s|$)/.test(first.text)) return []
  const message = 'a snippet cannot hold global options, such as admin: they are for all sites at once'
  return [{ message, hint: 'take the block out; [caddy] of stack.toml has what can be set', at: first.at }]
}
