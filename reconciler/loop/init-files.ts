import {
  type Answers,
  desiredText,
  gitignoreText,
  ignoredPaths,
  type Listed,
  settingsText,
  usersText,
} from '../definitions/new-instance.ts'
import { parseSettings } from '../definitions/parse-settings.ts'
import { parseUsers } from '../definitions/parse-users.ts'
import { InvalidInstance, StackError } from '../model/errors.ts'
import type { FolderLook, NewFile } from '../ports/new-instance.ts'
import type { RepositoryLook } from '../ports/new-repository.ts'
import type { SetUp } from './take-over.ts'

/** The instance's own files that are missing, or lack something: path to what each should say. desired.toml is not among them. */
export function missingFiles(
  look: FolderLook,
  { person }: RepositoryLook,
  answers: Answers,
  home: string,
): ReadonlyMap<string, string> {
  const settings = look.settings ?? settingsText(answers)
  const dataDir = dataDirIn(settings, look, home)
  const inside = dataDir.startsWith(`${look.folder}/`) ? dataDir.slice(look.folder.length + 1) : null
  const ignored = gitignoreText(look.gitignore, ignoredPaths(inside, look.state === '.famstack'))
  return new Map([
    ...(look.settings === null ? [['stack.toml', settings] as const] : []),
    ...(look.users === null ? [['users.toml', readableUsers(person)] as const] : []),
    ...(ignored === null ? [] : [['.gitignore', ignored] as const]),
  ])
}

/** Settings that cannot be read would be settings of another instance; what a person has just answered is wrong usage. */
function dataDirIn(text: string, look: FolderLook, home: string): string {
  const { settings, problems } = parseSettings(text, 'stack.toml', home)
  const errors = problems.filter((problem) => problem.level === 'error')
  const [first] = errors
  if (first === undefined) return settings.core.dataDir
  if (look.settings !== null) throw new InvalidInstance(errors)
  throw new StackError('STACK_USAGE', first.message, { hint: first.hint, terminal: true })
}

/** A name that makes no user id is better left out than complained about. */
function readableUsers(person: RepositoryLook['person']): string {
  const text = usersText(person)
  return parseUsers(text, 'users.toml').problems.length === 0 ? text : usersText(null)
}

/** desired.toml of an instance that has none: what is set up here, and core. */
export function firstDesired(look: FolderLook, core: readonly NewFile[], setUp: readonly SetUp[] | null): string {
  const hasCore = core.length > 0 || (setUp === null && look.stacklets.some((id) => id === 'core'))
  const first: readonly Listed[] = hasCore ? [{ id: 'core', state: 'running', note: null }] : []
  const listed = (setUp ?? []).map(({ id, state, because }) => ({ id, state, note: because }))
  return desiredText([...first, ...listed])
}
