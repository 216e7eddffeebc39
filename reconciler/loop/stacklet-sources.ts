import type { Digest, StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { SourceFile, SourceTree } from '../ports/instance-source.ts'
import { readText } from './read-text.ts'

/** The raw material of one stacklet: its directory as git has it. */
export interface StackletSource {
  /** `stacklets/photos` */
  readonly path: string
  readonly directoryName: string
  readonly manifest: string
  readonly compose: string | null
  /** By path inside the directory. */
  readonly files: Readonly<Record<string, Digest>>
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
    byDirectory.set(name, [...(byDirectory.get(name) ?? []), file])
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
  return {
    path,
    directoryName: name,
    manifest: manifest.text ?? '',
    compose: compose.text,
    files: Object.fromEntries(files.map((file) => [file.path.slice(path.length + 1), file.digest])),
    escaping,
    unreadable: [...manifest.problems, ...compose.problems],
  }
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
  return { path, directoryName: name, manifest: '', compose: null, files: {}, escaping: [], unreadable: [problem] }
}
