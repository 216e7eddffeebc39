import type { z } from 'zod'
import { closest } from '../lib/closest.ts'
import type { StackletId } from '../model/names.ts'
import type { Problem, ProblemCode } from '../model/problem.ts'
import type { TomlPath } from './toml-places.ts'
import { isTable, keyPosition, type TomlSource, valuePosition } from './toml-source.ts'

/** How complaints about one file are to be made. */
export interface Manner {
  /** Errors in our own files; warnings in manifests, which older and newer programs read as well. */
  readonly unknownKeys: 'error' | 'warning'
  readonly about: StackletId | null
}

/** One complaint of the shape checker, and the value to leave out so that the rest can still be read. */
export interface Explained {
  readonly problem: Problem
  readonly culprit: TomlPath
}

type Issue = z.core.$ZodIssue

/** What the checker found, in our words, with the place in the file. */
export function explain(issue: Issue, source: TomlSource, manner: Manner, type: z.ZodType): readonly Explained[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(type, issue.path)
    return issue.keys.map((key) => unknownKey([...issue.path, key], known, source, manner))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return branchMeant(issue).flatMap((inner) => explain(inner, source, manner, type))
  }
  if (isMissing(issue)) return [missingKey(issue, source, manner)]
  const code = codeOf(issue)
  const problem: Problem = {
    level: 'error',
    code,
    message: `${nameOf(issue.path)} ${issue.message || demand(issue)}, not ${shown(issue.input, code)}`,
    hint: hintFor(issue),
    at: valuePosition(source, issue.path),
    about: manner.about,
  }
  return [{ problem, culprit: issue.path }]
}

/** Of what may be one thing or a list of them, the complaints about the form that was written. */
function branchMeant({ path, input, errors }: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] {
  const [one = [], list = one] = errors
  const meant = Array.isArray(input) ? list : one
  return meant.map((inner) => ({ ...inner, path: [...path, ...inner.path] }))
}

/** A path as a person would write it: `stacklets.photos.requires[0]`. */
export function nameOf(path: TomlPath): string {
  let name = ''
  for (const key of path) {
    if (typeof key === 'number') name += `[${key}]`
    else name += `${name === '' ? '' : '.'}${/^[\w-]+$/.test(String(key)) ? String(key) : JSON.stringify(key)}`
  }
  return name
}

/** `did you mean "photos"?`, or what to do when no word is near. */
export function suggest(word: string, words: Iterable<string>, otherwise: string): string {
  const meant = closest(word, words)
  return meant === null ? otherwise : `did you mean "${meant}"?`
}

function unknownKey(path: TomlPath, known: readonly string[], source: TomlSource, manner: Manner): Explained {
  const key = String(path.at(-1))
  const problem: Problem = {
    level: manner.unknownKeys,
    code: 'unknown-key',
    message: `${nameOf(path)} is not a known key`,
    hint: suggest(key, known, `take it out; known here: ${known.join(', ')}`),
    at: keyPosition(source, path),
    about: manner.about,
  }
  return { problem, culprit: path }
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined
}

function missingKey(issue: Issue, source: TomlSource, manner: Manner): Explained {
  const around = issue.path.slice(0, -1)
  const problem: Problem = {
    level: 'error',
    code: 'missing-key',
    message: `${nameOf(issue.path)} is missing`,
    hint: `add ${String(issue.path.at(-1))} = …`,
    at: keyPosition(source, around),
    about: manner.about,
  }
  return { problem, culprit: around }
}

function codeOf(issue: Issue): ProblemCode {
  if (issue.code === 'custom' && typeof issue.params?.['code'] === 'string') return issue.params['code'] as ProblemCode
  return issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 'type' : 'value'
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
  record: 'a table',
}

function demand(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${words[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${listed(issue.values.map((value) => JSON.stringify(value)))}`
    case 'too_small':
      return `must be ${issue.minimum} or more`
    case 'too_big':
      return `must be ${issue.maximum} or less`
    default:
      return 'must be something else'
  }
}

function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

function hintFor(issue: Issue): string {
  const otherwise = 'change the value, or take the line out'
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string') return issue.params['hint']
  if (issue.code === 'invalid_value') return suggest(String(issue.input), issue.values.map(String), otherwise)
  return otherwise
}

function shown(value: unknown, code: ProblemCode): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return 'a date'
  if (isTable(value)) return 'a table'
  if (typeof value !== 'string') return String(value)
  if (code === 'type') return 'text'
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)
}

/** The keys that a table may have, found by walking down the shape. */
function knownKeys(type: z.core.$ZodType, path: TomlPath): readonly string[] {
  let at: z.core.$ZodType | undefined = unwrapped(type)
  for (const key of path) at = at && inside(at, key)
  return at === undefined ? [] : Object.keys(shapeOf(at))
}

interface Shape {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
}

function inside(type: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const { valueType, element, options } = definitionOf(type)
  if (options !== undefined) return firstOf(options.map((option) => inside(option, key)))
  const shape = shapeOf(type)
  const child = Object.hasOwn(shape, key) ? shape[String(key)] : (valueType ?? element)
  return child && unwrapped(child)
}

function firstOf<Item>(items: readonly (Item | undefined)[]): Item | undefined {
  return items.find((item) => item !== undefined)
}

function unwrapped(type: z.core.$ZodType): z.core.$ZodType {
  const { innerType, in: input } = definitionOf(type)
  const inner = innerType ?? input
  return inner === undefined ? type : unwrapped(inner)
}

function shapeOf(type: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { shape, options = [] } = definitionOf(type)
  return shape ?? firstOf(options.map((option) => definitionOf(option).shape)) ?? {}
}

function definitionOf(type: z.core.$ZodType): Shape {
  return type._zod.def as Shape
}
