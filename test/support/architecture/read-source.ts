import ts from 'typescript'

/** What one source file reaches for: other modules, and the things that only the edge of the program may use. */
export interface SourceFacts {
  readonly path: string
  readonly imports: readonly Import[]
  readonly classes: readonly { readonly name: string; readonly parent: string | null }[]
  /** `Date.now`, `new Date()`, `Math.random`, `process.env`, `shell: true`: each as often as it is written. */
  readonly uses: readonly string[]
  /** Whether something in it is left when the types are gone. */
  readonly isCode: boolean
}

export interface Import {
  /** Null where the module is worked out while the program runs. */
  readonly from: string | null
  readonly kind: 'value' | 'type' | 'dynamic'
}

type Found = { -readonly [Key in 'imports' | 'classes' | 'uses']: SourceFacts[Key][number][] }

/** Reads the text as TypeScript does, so that what is written in a string or a comment counts for nothing. */
export function readSource(path: string, text: string): SourceFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023)
  const found: Found = { imports: [], classes: [], uses: [] }
  visit(source, source, found)
  return { path, ...found, isCode: !source.statements.every(isOnlyType) }
}

function visit(node: ts.Node, source: ts.SourceFile, found: Found): void {
  const imported = importOf(node)
  if (imported !== null) found.imports.push(imported)
  if (ts.isClassLike(node)) found.classes.push(classOf(node, source))
  const use = useOf(node, source)
  if (use !== null) found.uses.push(use)
  ts.forEachChild(node, (child) => visit(child, source, found))
}

function importOf(node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node)) return moduleOf(node.moduleSpecifier, isTypeImport(node) ? 'type' : 'value')
  if (ts.isExportDeclaration(node)) return exportedFrom(node)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return moduleOf(node.argument.literal, 'type')
  return ts.isCallExpression(node) && isLoading(node.expression) ? moduleOf(node.arguments[0], 'dynamic') : null
}

function exportedFrom({ moduleSpecifier, isTypeOnly }: ts.ExportDeclaration): Import | null {
  return moduleSpecifier === undefined ? null : moduleOf(moduleSpecifier, isTypeOnly ? 'type' : 'value')
}

function isLoading(called: ts.Expression): boolean {
  return called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === 'require')
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

function moduleOf(name: ts.Node | undefined, kind: Import['kind']): Import {
  return { from: name !== undefined && ts.isStringLiteralLike(name) ? name.text : null, kind }
}

function classOf(
  { name, heritageClauses }: ts.ClassLikeDeclaration,
  source: ts.SourceFile,
): SourceFacts['classes'][number] {
  const parent = heritageClauses?.find((one) => one.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
  return { name: name?.text ?? 'a class without a name', parent: parent?.expression.getText(source) ?? null }
}

const watched = ['Date.now', 'Math.random', 'process.env', 'performance.now']

function useOf(node: ts.Node, source: ts.SourceFile): string | null {
  if (ts.isPropertyAccessExpression(node)) return known(`${node.expression.getText(source)}.${node.name.text}`)
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return known(`${node.expression.getText(source)}.${node.argumentExpression.text}`)
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const taken = node.name.elements.map(
      (one) => `${node.initializer?.getText(source)}.${(one.propertyName ?? one.name).getText(source)}`,
    )
    return taken.map(known).find((use) => use !== null) ?? null
  }
  if (ts.isNewExpression(node) && isDate(node) && (node.arguments?.length ?? 0) === 0) return 'new Date()'
  if (ts.isCallExpression(node) && isDate(node)) return 'Date()'
  return isShellOption(node) ? 'shell: true' : null
}

function known(use: string): string | null {
  const name = use.replace(/^globalThis\./, '')
  return watched.includes(name) ? name : null
}

function isDate(node: ts.NewExpression | ts.CallExpression): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === 'Date'
}

function isShellOption(node: ts.Node): boolean {
  if (!ts.isPropertyAssignment(node) || node.initializer.kind !== ts.SyntaxKind.TrueKeyword) return false
  return (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name)) && node.name.text === 'shell'
}

function isOnlyType(statement: ts.Statement): boolean {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true
  if (ts.isImportDeclaration(statement)) return isTypeImport(statement)
  return ts.isExportDeclaration(statement) && statement.isTypeOnly
}
