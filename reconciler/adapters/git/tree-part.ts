import { StackError } from '../../model/errors.ts'
import type { SourceFile, SourceTree } from '../../ports/instance-source.ts'
import { followLink } from './follow-link.ts'

/** Files of one root, read from a disk or from a commit. */
export interface TreePart {
  /** Absolute; what links may not leave. */
  readonly root: string
  readonly files: readonly SourceFile[]
  /** The listed links, by path, and what they point to. */
  readonly links: ReadonlyMap<string, string>
  /** The bytes of a listed file that is no link. */
  bytes(path: string): Promise<Uint8Array>
}

/** What a directory is asked for: `stacklets`, `stack.toml`. */
export type Names = readonly string[]

/** One tree of parts that share no path. The text of a link is that of the listed file it leads to. */
export function sourceTree(parts: readonly TreePart[]): SourceTree {
  const homes = new Map(parts.flatMap((part) => part.files.map((file) => [file.path, part] as const)))
  return {
    files: parts.flatMap((part) => part.files).sort((a, b) => (a.path < b.path ? -1 : 1)),
    text: async (path) => {
      const part = homes.get(path)
      return part === undefined ? null : decoded(path, await part.bytes(fileBehind(path, part)))
    },
  }
}

function fileBehind(path: string, part: TreePart): string {
  if (!part.links.has(path)) return path

  const target = followLink(path, part.links, part.root)
  if (target !== null && part.files.some((file) => file.path === target)) return target
  throw unreadable(path, `${path} is a link to ${part.links.get(path)}, which is not part of this instance`, {
    hint: 'put the file itself there, or link to one in desired/ or stacklets/',
  })
}

function decoded(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable(path, `${path} is not UTF-8 text`, { hint: 'save it as UTF-8' })
  }
}

function unreadable(path: string, message: string, { hint }: { readonly hint: string }): StackError {
  return new StackError('STACK_FILES_FAILED', message, { hint, at: { file: path, line: 0, column: 0 }, terminal: true })
}
