import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * `npm test`: each command of `npm run check`, then every test that starts processes of its own, then every test against a real
 * engine, and by itself the one that kills everything everywhere; whatever the ones before said. Ends with `N passed, N failed, N skipped` over all of them, and fails when anything
 * failed or nothing ran. STACK_TEST_SUMMARY names a file for that line.
 */
const root = join(import.meta.dirname, '..')
const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const parts = ['system', 'engine', 'killed']
const commands: readonly string[] = [...scripts.check.split(' && '), ...parts.map((part) => scripts[`test:${part}`])]

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const folder = await mkdtemp(join(tmpdir(), 'stackloop-counts-'))
try {
  const failed: string[] = []
  for (const command of commands) if (!(await succeeds(command))) failed.push(command)
  const counts = await countsIn(folder)
  for (const command of failed) process.stdout.write(`${command} failed: its words are above.\n`)
  await tell(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exitCode = failed.length === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

function succeeds(command: string): Promise<boolean> {
  const PATH = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH, STACK_TEST_COUNTS: folder }
  const [program = '', ...words] = command.split(' ')
  process.stdout.write(`\n$ ${command}\n`)
  const child = spawn(program, words, { cwd: root, env, stdio: 'inherit' })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

async function tell(line: string): Promise<void> {
  process.stdout.write(`${line}\n`)
  const file = process.env['STACK_TEST_SUMMARY']
  if (file !== undefined) await writeFile(file, `${line}\n`)
}

async function countsIn(reports: string): Promise<Counts> {
  const files = await readdir(reports)
  const counts = await Promise.all(files.map(async (file) => countsOf(await readFile(join(reports, file), 'utf8'))))
  const sum = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/** What vitest's JSON reporter writes, as far as it matters here. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/** A file that could not be loaded has no tests to fail: it counts as one. */
function countsOf(text: string): Counts {
  const report = JSON.parse(text) as Report
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
