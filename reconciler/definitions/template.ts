import type { StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Template } from '../model/stacklet.ts'
import { suggest } from './explain.ts'
import { type Fault, type Field, type Layout, readPieces } from './template-pieces.ts'
import { positionIn } from './template-position.ts'

/** Whatever knows values by their names; a map is one. */
export type Named<Value> = Pick<ReadonlyMap<string, Value>, 'get'> & { readonly keys: () => Iterable<string> }

/** A template with its variables put in. */
export interface RenderedTemplate {
  readonly text: string
  /** Every name between braces, known or not, each once. */
  readonly used: readonly string[]
  readonly problems: readonly Problem[]
}

/** `{name}` becomes its value, `{name:>10}` its value in ten columns, `{{` and `}}` a brace. An unknown name becomes nothing. */
export function renderTemplate(
  template: Template,
  variables: Named<{ readonly text: string }>,
  about: StackletId | null = null,
): RenderedTemplate {
  const problems: Problem[] = []
  const used = new Set<string>()
  let text = ''
  for (const piece of readPieces(template.text)) {
    if (piece.kind === 'text') text += piece.text
    else if (piece.kind === 'fault') problems.push(explainFault(template, piece, about))
    else {
      used.add(piece.name)
      const variable = variables.get(piece.name)
      if (variable === undefined) problems.push(explainUnknown(template, piece, variables, about))
      text += laidOut(variable?.text ?? '', piece.layout)
    }
  }
  return { text, used: [...used], problems }
}

/** What is wrong with the template whatever the variables are. */
export function checkTemplate(template: Template, about: StackletId | null): readonly Problem[] {
  const faults = readPieces(template.text).filter((piece) => piece.kind === 'fault')
  return faults.map((fault) => explainFault(template, fault, about))
}

function laidOut(text: string, { fill, align, width }: Layout): string {
  const room = Math.max(0, width - [...text].length)
  if (align === '<') return text + fill.repeat(room)
  if (align === '>') return fill.repeat(room) + text
  const before = Math.floor(room / 2)
  return fill.repeat(before) + text + fill.repeat(room - before)
}

function explainFault(template: Template, fault: Fault, about: StackletId | null): Problem {
  const at = positionIn(template, fault.offset)
  return { level: 'error', code: 'template', message: fault.message, hint: fault.hint, at, about }
}

function explainUnknown(
  template: Template,
  field: Field,
  variables: Named<unknown>,
  about: StackletId | null,
): Problem {
  const isShell = template.text[field.offset - 1] === '$'
  const literal = `write \${{${field.name}}} to keep \${${field.name}} as it is`
  const otherwise = 'correct the name; until something provides it, it stays empty'
  return {
    level: 'warning',
    code: 'unknown-variable',
    message: `{${field.name}} is not a variable: it renders as nothing`,
    hint: isShell ? literal : suggest(field.name, variables.keys(), otherwise),
    at: positionIn(template, field.offset),
    about,
  }
}
