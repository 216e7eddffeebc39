/** A tag taken apart: what must stay as it is, and the numbers that may grow. */
export interface TagShape {
  /** `v`, or what stands before the first number: `release-`. */
  readonly prefix: string
  readonly numbers: readonly number[]
  /** From the first character that is neither digit nor dot: `-alpine`. */
  readonly suffix: string
}

const shape = /^((?:[a-zA-Z][\w.]*[-_])?[vV]?)(\d+(?:\.\d+)*)((?:[-_+][\w.+-]*)?)$/
/** More digits than this are a date, a build number or a commit, not a version. */
const longestNumber = 8

/** Null for a tag that names no version: `latest`, `alpine`, `sha-1f3c9a0`. */
export function tagShape(tag: string): TagShape | null {
  const [, prefix = '', digits = '', suffix = ''] = shape.exec(tag) ?? []
  if (digits === '') return null
  const parts = digits.split('.')
  if (parts.some((part) => part.length > longestNumber)) return null
  return { prefix, numbers: parts.map(Number), suffix }
}

/** Whether two tags differ in their numbers at most: `16-alpine` and `17-alpine` do, `16-alpine` and `16.1-alpine` do not. */
function haveSameShape(one: TagShape, other: TagShape): boolean {
  return one.prefix === other.prefix && one.suffix === other.suffix && one.numbers.length === other.numbers.length
}

/** Negative where `one` is older. Only for tags of the same shape. */
export function compareShapes(one: TagShape, other: TagShape): number {
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

export type Stride = 'patch' | 'minor' | 'major'

/** How many numbers from the left must stay as they are. */
const fixed: Readonly<Record<Stride, number>> = { patch: 2, minor: 1, major: 0 }

/** Whether `to` is a newer version of `from` that goes no further than this stride. */
export function isStepUp(from: TagShape, to: TagShape, stride: Stride): boolean {
  if (!haveSameShape(from, to) || compareShapes(from, to) >= 0) return false
  return from.numbers.slice(0, fixed[stride]).every((number, index) => number === to.numbers[index])
}
