import { parseImageReference } from '../lib/image-reference.ts'
import type { BuildWords, BuiltFrom } from '../model/compose-project.ts'
import { dockerfileStages, type Stage } from './dockerfile-stages.ts'

const nothingSaid: BuildWords = { target: null, args: {}, contexts: [] }

/** Stages that the built one does not need do not count, nor does what `additional_contexts` puts in an image's place. */
export function builtFrom(dockerfile: string, words: BuildWords = nothingSaid): BuiltFrom {
  const stages = dockerfileStages(dockerfile, words.args)
  const target = targetOf(stages, words.target)
  const isImage = (name: string): boolean =>
    name !== 'scratch' && !words.contexts.includes(name) && parseImageReference(name) !== null
  const upon = baseOf(stages, target)
  const others = [...neededBy(stages, target)].filter((name) => name !== upon && isImage(name))
  return { upon: isImage(upon) ? upon : null, others: others.sort() }
}

function targetOf(stages: readonly Stage[], target: string | null): number {
  const named = target === null ? null : stageMeant(stages, target)
  return named ?? stages.length - 1
}

function baseOf(stages: readonly Stage[], index: number): string {
  const stage = stages[index]
  if (stage === undefined) return 'scratch'
  const next = earlierStage(stages, index, stage.from)
  return next === null ? stage.from : baseOf(stages, next)
}

/** The images that a stage needs, directly or by way of other stages. */
function neededBy(stages: readonly Stage[], index: number): ReadonlySet<string> {
  const images = new Set<string>()
  const left = [index]
  const done = new Set<number>()
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const stage = stages[at]
    if (stage === undefined || done.has(at)) continue
    done.add(at)
    for (const [name, number] of sourcesOf(stages, at)) number === null ? images.add(name) : left.push(number)
  }
  return images
}

/** What a stage comes from, and the number of that stage; null: it is an image. */
function sourcesOf(stages: readonly Stage[], at: number): readonly (readonly [string, number | null])[] {
  const { from = 'scratch', copies = [] } = stages[at] ?? {}
  const base = [from, earlierStage(stages, at, from)] as const
  return [base, ...copies.map((name) => [name, stageMeant(stages.slice(0, at), name)] as const)]
}

/** `FROM` knows stages by name only. */
function earlierStage(stages: readonly Stage[], at: number, name: string): number | null {
  const found = stages.slice(0, at).findLastIndex((one) => one.name === name.toLowerCase())
  return found < 0 ? null : found
}

/** A stage by its name or its number, from 0. */
function stageMeant(stages: readonly Stage[], name: string): number | null {
  if (/^\d+$/.test(name)) return Number(name) < stages.length ? Number(name) : null
  return earlierStage(stages, stages.length, name)
}
