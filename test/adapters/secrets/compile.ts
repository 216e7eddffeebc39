import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

const repository = resolve(import.meta.dirname, '../../..')

/** Compiles a program of ours and all it imports into a folder and answers its path there: started 30 times, tsx would take too long. */
export function compile(program: string, folder: string): string {
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const sources = new Set([program])
  for (const source of sources) {
    const text = readFileSync(source, 'utf8')
    const imports = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName)
    for (const name of imports) if (name.startsWith('.')) sources.add(resolve(dirname(source), name))
    write(placeOf(source, folder), text)
  }
  return placeOf(program, folder)
}

function placeOf(source: string, folder: string): string {
  return join(folder, relative(repository, source)).replace(/\.ts$/, '.js')
}

function write(path: string, text: string): void {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, ts.transpileModule(text, { compilerOptions }).outputText)
}
