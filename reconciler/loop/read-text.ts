import { StackError } from '../model/errors.ts'
import type { StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { SourceTree } from '../ports/instance-source.ts'

export interface ReadText {
  /** Null where there is no such file, or it could not be read. */
  readonly text: string | null
  readonly problems: readonly Problem[]
}

/** A file of the instance. One that cannot be read is a complaint like any other, so that it hides none of the others. */
export async function readText(tree: SourceTree, path: string, about: StackletId | null): Promise<ReadText> {
  try {
    return { text: await tree.text(path), problems: [] }
  } catch (thrown) {
    if (!(thrown instanceof StackError) || thrown.at === undefined) throw thrown
    const { message, hint, at } = thrown
    return { text: null, problems: [{ level: 'error', code: 'unreadable', message, hint, at, about }] }
  }
}
