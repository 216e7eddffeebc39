import { dockerfileLines } from '../lib/dockerfile-lines.ts'
import type { BuildWords } from '../model/compose-project.ts'
import { interpolate } from './interpolate.ts'

export interface Stage {
  /** An image, or an earlier stage; no image's name where a variable says it that nobody but the builder knows. */
  readonly from: string
  readonly name: string | null
  /** Images, or names and numbers of stages, that its files come from. */
  readonly copies: readonly string[]
}

/** In the place of a value that only the builder knows: no name of an image has it. */
const unknown = '\0'
const builders = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/

/** The stages of a Dockerfile, the variables in their `FROM` filled in: with what the build is told, else by their defaults. */
export function dockerfileStages(dockerfile: string, told: BuildWords['args']): readonly Stage[] {
  const lines = dockerfileLines(dockerfile)
  const first = lines.findIndex(({ word }) => word === 'FROM')
  if (first < 0) return []
  const variables = new Map<string, string>()
  const fill = (text: string): string =>
    interpolate(text, (name) => (builders.test(name) ? unknown : (variables.get(name) ?? null)))
  for (const [name, value] of lines.slice(0, first).flatMap(declared)) {
    const given = name in told ? (told[name] ?? unknown) : value
    if (given !== null) variables.set(name, fill(given))
  }
  const stages: Stage[] = []
  for (const line of lines.slice(first)) {
    const last = stages.at(-1)
    if (line.word === 'FROM') stages.push(begun(line.rest, fill))
    else if (last !== undefined) stages[stages.length - 1] = { ...last, copies: [...last.copies, ...copiedBy(line)] }
  }
  return stages
}

type Line = ReturnType<typeof dockerfileLines>[number]

/** `ARG NAME=value OTHER`; null for one without a value. */
function declared({ word, rest }: Line): readonly (readonly [string, string | null])[] {
  if (word !== 'ARG') return []
  const found = [...rest.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/g)]
  return found.map(([, name = '', value]) => [name, value?.replace(/^(["'])(.*)\1$/, '$2') ?? null])
}

function begun(rest: string, fill: (text: string) => string): Stage {
  const [, from = '', name] = /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(rest) ?? []
  return { from: fill(from), name: name?.toLowerCase() ?? null, copies: [] }
}

/** `COPY --from=x` and `RUN --mount=type=bind,from=x`: variables count in neither. */
function copiedBy({ word, rest }: Line): readonly string[] {
  if (word !== 'COPY' && word !== 'ADD' && word !== 'RUN') return []
  const flags = /^(?:--\S+\s+)*/.exec(rest)?.[0] ?? ''
  return [...flags.matchAll(/(?:--from=|--mount=\S*?\bfrom=)([^,\s]+)/g)].map(([, name = '']) => name)
}
