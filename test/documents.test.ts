import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../cli/commands/command.ts'
import { buildProgram } from '../cli/program.ts'
import { checkNames } from '../reconciler/model/check.ts'
import { errorCodes } from '../reconciler/model/errors.ts'
import { problemCodes } from '../reconciler/model/problem.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
]
const markdown = pages.filter((page) => page.endsWith('.md'))

/** The first cells of the rows of a page's tables: `code` or several, parted by commas. */
function firstCells(page: string): readonly string[] {
  const rows = read(page).matchAll(/^\| (`[^|]+`) \|/gm)
  return [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word))
}

describe('docs/errors.md', () => {
  it('has every code of an error or a complaint, and no other', () => {
    expect([...firstCells('docs/errors.md')].sort()).toEqual([...errorCodes, ...problemCodes].sort())
  })
})

describe('docs/drift.md', () => {
  it('quotes a plan that is made of such a night', () => {
    const page = read('docs/drift.md')
    const golden = read('test/golden/handiwork.plan').split('\n\n')
    const quoted = page.slice(page.indexOf('\n    core\n') + 1, page.indexOf('\n\n| what happened'))
    const groups = quoted.replace(/^ {4}/gm, '').split('\n\n')

    expect(groups.length).toBeGreaterThan(2)
    for (const group of groups) expect(golden).toContain(group)
  })
})

describe('docs/doctor.md', () => {
  it('has every check, and no other', () => {
    expect(firstCells('docs/doctor.md')).toEqual([...checkNames])
  })
})

describe('docs/commands.md', () => {
  it('has every command, and no other', () => {
    const program = buildProgram({} as CommandContext, () => {})
    const visible = program.createHelp().visibleCommands(program)

    expect([...firstCells('docs/commands.md')].sort()).toEqual(visible.map((command) => command.name()).sort())
  })
})

describe('docs/dependencies.md', () => {
  it('has every package that the program needs, and no other', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const named = [...read('docs/dependencies.md').matchAll(/^\| (?!package|-)(\S+) \|/gm)].map(([, name = '']) => name)

    expect(named.sort()).toEqual(Object.keys(dependencies).sort())
  })

  it('names every package that its development needs', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
    const page = read('docs/dependencies.md')

    expect(Object.keys(devDependencies).filter((name) => !name.startsWith('@types/') && !page.includes(name))).toEqual(
      [],
    )
  })
})

describe.each(markdown)('%s', (page) => {
  it('links to nothing that is not there', () => {
    const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
    const local = links.filter((link) => !/^[a-z]+:/.test(link))

    expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([])
  })
})
