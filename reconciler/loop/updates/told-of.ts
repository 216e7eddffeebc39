import type { ReportedImage, UpdateWord } from '../../model/update-report.ts'
import type { UpdateMemory } from '../../ports/update-memory.ts'

const silent: readonly UpdateWord[] = ['up-to-date', 'updated']

/** What the last look for updates told of a stacklet, or of all, as far as somebody may want to know it unasked. */
export async function toldOf(memory: UpdateMemory, id: string | null): Promise<readonly ReportedImage[]> {
  const { told } = await memory.read()
  const worth = told.filter(({ decision, candidate }) => {
    return !silent.includes(decision) && (decision !== 'reported-only' || candidate !== null)
  })
  return worth.filter(({ stacklet }) => id === null || stacklet === id)
}
