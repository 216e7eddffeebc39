import type { StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Template } from '../model/stacklet.ts'
import { renderTemplate } from './template.ts'
import type { Variables } from './variables.ts'

/** A template rendered for one stacklet, and what is known of the variables that went into it. */
export interface RenderedText {
  readonly text: string
  readonly isSecret: boolean
  /** Full names of secrets it needs that have no value yet. */
  readonly missing: readonly string[]
  readonly problems: readonly Problem[]
}

export function renderText(template: Template, variables: Variables, about: StackletId): RenderedText {
  const { text, used, problems } = renderTemplate(template, variables, about)
  const known = used.flatMap((name) => variables.get(name) ?? [])
  return {
    text,
    isSecret: known.some((variable) => variable.isSecret),
    missing: known.flatMap((variable) => variable.missing ?? []),
    problems,
  }
}

/** For texts that are printed: secrets read `***`. */
export function masked(variables: Variables): Variables {
  return {
    keys: () => variables.keys(),
    get(name) {
      const variable = variables.get(name)
      return variable?.isSecret ? { ...variable, text: '***' } : variable
    },
  }
}
