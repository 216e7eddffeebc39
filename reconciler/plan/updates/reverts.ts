import type { StackletId } from '../../model/names.ts'
import type { BegunUpdate, LockedOnce, UpdateNotes } from '../../model/update-notes.ts'

/** How many digests of one line are remembered: nobody goes back further by reverting. */
const mostPerLine = 20

/**
 * The notes with what the lock says now. A line that says again what it said before was taken back by a person, and so was all that
 * it said in between; one that says what was taken back is taken by a person. The same notes where nothing has moved.
 */
export function withLocked(notes: UpdateNotes, lines: readonly LockedOnce[]): UpdateNotes {
  return lines.reduce(withLine, notes)
}

function withLine(notes: UpdateNotes, line: LockedOnce): UpdateNotes {
  const said = notes.locked.filter((one) => isSameLine(one, line))
  if (said.at(-1)?.digest === line.digest) return notes
  const before = said.findIndex(({ digest }) => digest === line.digest)
  const left = before < 0 ? [] : said.slice(before + 1)
  const kept = before < 0 ? [...said, line] : said.slice(0, before + 1)
  const reverted = [...without(notes.reverted, [line, ...left]), ...left]
  return { ...withLines(notes, line, kept), reverted }
}

/** The notes with what an update of ours took: a tag that went back to an earlier image is no revert. */
export function withTaken(notes: UpdateNotes, taken: readonly BegunUpdate[]): UpdateNotes {
  return taken.reduce((before, { stacklet, service, from, to }) => {
    const line = { stacklet, service, digest: to.digest }
    const said = before.locked.filter((one) => isSameLine(one, line))
    const first = said.length > 0 || from === null ? said : [{ stacklet, service, digest: from.digest }]
    return withLines(before, line, [...without(first, [line]), line])
  }, notes)
}

/** The notes without what an update of ours put back: that is for the quarantine to remember. */
export function withoutPutBack(notes: UpdateNotes, updates: readonly BegunUpdate[]): UpdateNotes {
  const lines = updates.map(({ stacklet, service, to }) => ({ stacklet, service, digest: to.digest }))
  return { ...notes, locked: without(notes.locked, lines) }
}

/** Whether some image of this stacklet is not to be taken again. */
export function refusesImages({ quarantine, reverted }: UpdateNotes, id: StackletId): boolean {
  return [...quarantine, ...reverted].some(({ stacklet }) => stacklet === id)
}

/** The notes of which no image of this stacklet is refused any more; what was told of it is no longer so. */
export function withoutRefusals(notes: UpdateNotes, id: StackletId): UpdateNotes {
  const isOther = ({ stacklet }: { readonly stacklet: StackletId }): boolean => stacklet !== id
  const { quarantine, reverted, told } = notes
  return {
    ...notes,
    quarantine: quarantine.filter(isOther),
    reverted: reverted.filter(isOther),
    told: told.filter(isOther),
  }
}

function withLines(notes: UpdateNotes, line: LockedOnce, own: readonly LockedOnce[]): UpdateNotes {
  const others = notes.locked.filter((one) => !isSameLine(one, line))
  return { ...notes, locked: [...others, ...own.slice(-mostPerLine)] }
}

function without(all: readonly LockedOnce[], some: readonly LockedOnce[]): readonly LockedOnce[] {
  return all.filter((one) => !some.some((other) => isSameLine(one, other) && one.digest === other.digest))
}

function isSameLine(one: LockedOnce, other: LockedOnce): boolean {
  return one.stacklet === other.stacklet && one.service === other.service
}
