import { gitIn } from './run-git.ts'

/** Larger files are data, and nobody reads a difference of them. */
const largestText = 200_000

/** What git keeps under the name of these bytes; null where it keeps nothing, or no text that a person would read. */
export async function formerText(directory: string, digest: string, signal: AbortSignal): Promise<string | null> {
  try {
    const text = await gitIn(directory, signal).text('cat-file', 'blob', digest)
    return text.length > largestText || text.includes('\0') ? null : text
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error) return null
    throw error
  }
}
