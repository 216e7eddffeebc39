import { hookFiles } from '../lib/hook-files.ts'
import { hookEvents } from '../model/hook.ts'
import { isStackletId, reservedIds, type StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Stacklet } from '../model/stacklet.ts'
import { suggest } from './explain.ts'
import { explainEnvName } from './kinds.ts'
import { templatesOf } from './manifest-health.ts'
import type { Manifest } from './manifest-table.ts'
import type { Reading } from './read-toml.ts'
import { checkTemplate } from './template.ts'
import { keyPosition, type TomlSource, valuePosition } from './toml-source.ts'

/** What is wrong with a manifest although every value has the right shape. */
export function checkManifest(
  reading: Reading<Manifest>,
  stacklet: Stacklet,
  directoryName: string,
  about: StackletId,
): readonly Problem[] {
  return [
    ...explainIds(reading, directoryName, about),
    ...explainCategory(reading, about),
    ...explainTexts(stacklet, reading.source, about),
    ...explainHooks(stacklet, about),
  ]
}

/** Two files for one hook: nobody could say which of them runs. */
function explainHooks({ files, path }: Stacklet, about: StackletId): readonly Problem[] {
  return hookEvents.flatMap((event) => {
    const [first, second] = hookFiles(event, Object.keys(files))
    if (first === undefined || second === undefined) return []
    const message = `${first} and ${second} are two kinds of one hook`
    const at = { file: `${path}/${second}`, line: 0, column: 0 }
    return [{ level: 'error', code: 'duplicate', message, hint: 'keep one of them', at, about }]
  })
}

function explainIds({ value, source }: Reading<Manifest>, name: string, about: StackletId): readonly Problem[] {
  const at = value.id === undefined ? { file: source.file, line: 0, column: 0 } : valuePosition(source, ['id'])
  const problems: Problem[] = []
  if (!isStackletId(name)) {
    const message = `the directory ${JSON.stringify(name)} is not named like a stacklet`
    const hint = 'rename it: lower case letters, digits, - and _, at most 63'
    problems.push({ level: 'error', code: 'bad-id', message, hint, at, about })
  }
  if (value.id !== undefined && value.id !== name) {
    const message = `id is ${JSON.stringify(value.id)}, but the directory is called ${JSON.stringify(name)}`
    const hint = `write id = ${JSON.stringify(name)}, or rename the directory`
    problems.push({ level: 'error', code: 'id-mismatch', message, hint, at, about })
  }
  if (reservedIds.includes(name)) {
    const message = `"${name}" is a command of stack: a stacklet cannot be called that`
    problems.push({ level: 'error', code: 'reserved-id', message, hint: 'rename its directory', at, about: null })
  }
  return problems
}

const categories = ['infrastructure', 'media', 'ai', 'communication', 'productivity', 'development', 'automation']

function explainCategory({ value, source }: Reading<Manifest>, about: StackletId): readonly Problem[] {
  const { category } = value
  if (category === '' || categories.includes(category)) return []
  const message = `category ${JSON.stringify(category)} is none of ${categories.join(', ')}`
  const hint = suggest(category, categories, 'choose one of them')
  return [{ level: 'warning', code: 'value', message, hint, at: valuePosition(source, ['category']), about }]
}

function explainTexts(stacklet: Stacklet, source: TomlSource, about: StackletId): readonly Problem[] {
  const names = Object.keys(stacklet.env.defaults).flatMap((name) =>
    explainEnvName(name, keyPosition(source, ['env', 'defaults', name]), about),
  )
  const generated = stacklet.env.generate.flatMap((name, index) =>
    explainEnvName(name, valuePosition(source, ['env', 'generate', index]), about),
  )
  const templates = [
    ...Object.values(stacklet.env.defaults),
    ...stacklet.hints,
    ...templatesOf(stacklet.health),
    ...stacklet.services.flatMap((service) => service.checkUrl ?? []),
    ...stacklet.routes.flatMap((route) => route.host ?? []),
  ]
  return [...names, ...generated, ...templates.flatMap((template) => checkTemplate(template, about))]
}
