import { referencesIn } from '../definitions/references.ts'
import { importsIn } from '../definitions/snippet.ts'
import { isForPeople } from '../definitions/stacklet-content.ts'
import { patternsIn } from '../lib/dockerignore.ts'
import { insidePath, isWithin, relativePath } from '../lib/inside-path.ts'
import type { Digest, StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { SnippetSource } from '../model/route.ts'
import type { SourceFile, SourceTree } from '../ports/instance-source.ts'
import { readText } from './read-text.ts'

/** The raw material of one stacklet: its directory as git has it. */
export interface StackletSource {
  /** `stacklets/photos` */
  readonly path: string
  readonly directoryName: string
  readonly manifest: string
  readonly compose: string | null
  /** caddy.snippet with what it imports. */
  readonly snippet: SnippetSource | null
  /** By path inside the directory; `../` leads to what its Compose file names elsewhere. */
  readonly files: Readonly<Record<string, Digest>>
  /** What its Compose file names, by path in the root. */
  readonly references: readonly string[]
  /** Folder of a .dockerignore, by path inside the directory, to its patterns. */
  readonly ignores: Readonly<Record<string, readonly string[]>>
  /** Paths inside the directory of links that point out of the root. */
  readonly escaping: readonly string[]
  /** What could not be read of it, or that it is no directory. */
  readonly unreadable: readonly Problem[]
}

/** Every directory under stacklets/ that has a stacklet.toml, by name. No registry: what lies there exists. A link is none. */
export async function stackletSources(tree: SourceTree): Promise<readonly StackletSource[]> {
  const byDirectory = new Map<string, SourceFile[]>()
  for (const file of tree.files) {
    const [folder, name, inside] = file.path.split('/')
    if (folder !== 'stacklets' || name === undefined || (inside === undefined && file.kind !== 'link')) continue
    const files = byDirectory.get(name)
    if (files === undefined) byDirectory.set(name, [file])
    else files.push(file)
  }
  const names = [...byDirectory.keys()].sort()
  const sources = await Promise.all(names.map((name) => sourceOf(name, byDirectory.get(name) ?? [], tree)))
  return sources.filter((source) => source !== null)
}

async function sourceOf(name: string, files: readonly SourceFile[], tree: SourceTree): Promise<StackletSource | null> {
  const path = `stacklets/${name}`
  const link = files.find((file) => file.path === path)
  if (link !== undefined) return sourceOfLink(path, name)
  const escaping = files.filter((file) => file.leavesRoot).map((file) => file.path.slice(path.length + 1))
  const read = async (file: string) =>
    escaping.includes(file) ? escaped : readText(tree, `${path}/${file}`, name as StackletId)
  const [manifest, compose] = await Promise.all([read('stacklet.toml'), read('docker-compose.yml')])
  if (manifest.text === null && manifest.problems.length === 0 && manifest !== escaped) return null
  const isAmbiguous = files.some((file) => isForPeople(file.path.slice(path.length + 1)))
  const references = referencesOf(path, compose.text, isAmbiguous)
  const elsewhere =
    references.length === 0 ? [] : filesIn(references, tree).filter((file) => !isWithin(file.path, path))
  return {
    path,
    directoryName: name,
    manifest: manifest.text ?? '',
    compose: compose.text,
    snippet: await snippetIn(path, read),
    files: Object.fromEntries([...files, ...elsewhere].map((file) => [relativePath(path, file.path), file.digest])),
    references,
    ignores: await ignoresIn(path, files, tree),
    escaping,
    unreadable: [...manifest.problems, ...compose.problems],
  }
}

function filesIn(places: readonly string[], tree: SourceTree): readonly SourceFile[] {
  return tree.files.filter((file) => places.some((one) => isWithin(file.path, one)))
}

/** A path out of the directory has `..` in it, unless an escape hides that: most files need not be parsed for that. */
const mayLeave = /\.\.|\\/

/** What holds the stacklet itself holds its neighbours, too: it would change with each of them. */
function referencesOf(path: string, compose: string | null, isAmbiguous: boolean): readonly string[] {
  if (compose === null || !(isAmbiguous || mayLeave.test(compose))) return []
  const places = referencesIn(compose).map((reference) => insidePath(path, reference))
  return [...new Set(places)].filter((place) => place !== null && !isWithin(path, place)) as readonly string[]
}

/** Places that Compose files name outside of stacklets/, by path in the root. */
export function placesBeside(sources: readonly StackletSource[]): readonly string[] {
  const all = sources.flatMap(({ references }) => references)
  return [...new Set(all.filter((place) => !isWithin(place, 'stacklets') && !isWithin(place, '.stack')))].sort()
}

type Read = (file: string) => Promise<{ readonly text: string | null }>

/** The snippet, and every file of the directory that it imports, or that these import. */
async function snippetIn(path: string, read: Read): Promise<SnippetSource | null> {
  const { text } = await read('caddy.snippet')
  if (text === null) return null
  const imports = new Map<string, string>()
  const todo = [...importsIn(text)]
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const inside = insidePath(path, name)
    const file = inside !== null && isWithin(inside, path) ? inside.slice(path.length + 1) : ''
    if (file === '' || imports.has(file)) continue
    const imported = (await read(file)).text
    if (imported === null) continue
    imports.set(file, imported)
    todo.push(...importsIn(imported))
  }
  return { file: `${path}/caddy.snippet`, text, imports: Object.fromEntries(imports) }
}

async function ignoresIn(
  path: string,
  files: readonly SourceFile[],
  tree: SourceTree,
): Promise<StackletSource['ignores']> {
  const own = files.filter((file) => file.path.endsWith('/.dockerignore') && file.kind !== 'link')
  const entries = await Promise.all(
    own.map(async (file) => {
      const folder = relativePath(path, file.path.slice(0, -'/.dockerignore'.length))
      return [folder, patternsIn((await readText(tree, file.path, null)).text ?? '')] as const
    }),
  )
  return Object.fromEntries(entries)
}

/** A link that leaves the root is complained about as such, and not read. */
const escaped = { text: null, problems: [] }

function sourceOfLink(path: string, name: string): StackletSource {
  const problem: Problem = {
    level: 'error',
    code: 'outside-root',
    message: `${path} is a link, and links are not followed out of stacklets/`,
    hint: 'put the directory itself there',
    at: { file: path, line: 0, column: 0 },
    about: name as StackletId,
  }
  const nothing = { compose: null, snippet: null, files: {}, references: [], ignores: {}, escaping: [] }
  return { path, directoryName: name, manifest: '', ...nothing, unreadable: [problem] }
}
