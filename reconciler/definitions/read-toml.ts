import type { z } from 'zod'
import type { Problem } from '../model/problem.ts'
import { type Explained, explain, type Manner } from './explain.ts'
import { readTomlSource, type TomlSource, withoutPaths } from './toml-source.ts'

/** What could be read, the file it came from (without what could not), and every complaint. */
export interface Reading<Value> {
  readonly value: Value
  readonly source: TomlSource
  readonly problems: readonly Problem[]
}

/**
 * Text to a checked value. A wrong value is complained about and left out, and the rest is read again: one mistake hides
 * no other, and what is right can still be used. `type` must accept an empty file.
 */
export function readToml<Value>(type: z.ZodType<Value>, text: string, file: string, manner: Manner): Reading<Value> {
  const { source, problems } = readTomlSource(text, file)
  const reading = readSource(type, source, manner)
  return {
    ...reading,
    problems: [...problems.map((problem) => ({ ...problem, about: manner.about })), ...reading.problems],
  }
}

/** Every round leaves something out; what needs more of them is beyond reading. */
const mostRounds = 50

function readSource<Value>(type: z.ZodType<Value>, whole: TomlSource, manner: Manner): Reading<Value> {
  const problems: Problem[] = []
  let source = whole
  for (let round = 0; round < mostRounds; round++) {
    const result = type.safeParse(source.value, { reportInput: true, error: () => '' })
    if (result.success) return { value: result.data, source, problems }
    const explained: Explained[] = []
    for (const issue of result.error.issues) explained.push(...explain(issue, source, manner, type))
    problems.push(...explained.map((one) => one.problem))
    const culprits = explained.map((one) => one.culprit).filter((path) => path.length > 0)
    if (culprits.length === 0) break
    source = withoutPaths(source, culprits)
  }
  return { value: type.parse({}), source, problems }
}

/** The order in which a person reads them: by file, then from top to bottom. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  const line = (problem: Problem) => problem.at?.line ?? 0
  const column = (problem: Problem) => problem.at?.column ?? 0
  const file = (problem: Problem) => problem.at?.file ?? ''
  return [...problems].sort(
    (a, b) => Number(file(a) > file(b)) - Number(file(a) < file(b)) || line(a) - line(b) || column(a) - column(b),
  )
}
