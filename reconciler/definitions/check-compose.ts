import { isMap, LineCounter, parseDocument } from 'yaml'
import type { Digest, StackletId } from '../model/names.ts'
import type { Problem, SourcePosition } from '../model/problem.ts'

/** What a person can be told about docker-compose.yml without asking Compose: that it is YAML, and a mapping. */
export function checkCompose(
  text: { readonly path: string; readonly compose: string | null; readonly files: Readonly<Record<string, Digest>> },
  about: StackletId,
): readonly Problem[] {
  const file = `${text.path}/docker-compose.yml`
  if (text.compose === null) return explainOtherName(text, about)
  const lines = new LineCounter()
  const document = parseDocument(text.compose, { lineCounter: lines, prettyErrors: false })
  const error = { level: 'error', code: 'compose', about } as const
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  // The others follow from the first: one line indented too little makes one of every line after it.
  const [first] = document.errors
  if (first !== undefined) {
    const message = `not valid YAML: ${first.message}`
    return [{ ...error, message, hint: yamlHint(first.message), at: at(first.pos[0]) }]
  }
  if (isMap(document.contents)) return []
  const message = 'docker-compose.yml holds no services'
  return [{ ...error, message, hint: 'add services:, or take the file out', at: { file, line: 0, column: 0 } }]
}

function yamlHint(message: string): string {
  if (message.includes('same column')) return 'indent this line as far as its neighbours'
  if (message.includes('Tabs')) return 'indent with spaces: YAML knows no tabs'
  return 'look at the indentation and the quotes there and in the line above'
}

const otherNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml']

function explainOtherName(
  { path, files }: { readonly path: string; readonly files: Readonly<Record<string, Digest>> },
  about: StackletId,
): readonly Problem[] {
  const found = otherNames.find((name) => name in files)
  if (found === undefined) return []
  return [
    {
      level: 'warning',
      code: 'compose',
      message: `${found} is not read`,
      hint: 'rename it to docker-compose.yml',
      at: { file: `${path}/${found}`, line: 0, column: 0 },
      about,
    },
  ]
}
