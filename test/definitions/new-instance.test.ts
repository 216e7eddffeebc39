import { describe, expect, it } from 'vitest'
import {
  desiredText,
  gitignoreText,
  ignoredPaths,
  settingsText,
  usersText,
} from '../../reconciler/definitions/new-instance.ts'
import { parseDesired } from '../../reconciler/definitions/parse-desired.ts'
import { parseSettings } from '../../reconciler/definitions/parse-settings.ts'
import { parseUsers } from '../../reconciler/definitions/parse-users.ts'

it('settings say what was answered, whatever is in it', () => {
  const answers = { dataDir: '/srv/my "data"\\x', domain: 'home.internal', timezone: 'Europe/Berlin' }

  const { settings, problems } = parseSettings(settingsText(answers), 'stack.toml', '/home/ada')

  expect(problems).toEqual([])
  expect(settings.core).toMatchObject(answers)
})

it('users are whom git knows, or an example that counts for nothing', () => {
  const known = parseUsers(usersText({ name: 'Ada "the first" Lovelace', email: 'ada@example.org' }), 'users.toml')
  const nobody = parseUsers(usersText(null), 'users.toml')

  expect(known).toMatchObject({ problems: [], users: [{ id: 'ada', role: 'admin', email: 'ada@example.org' }] })
  expect(nobody).toEqual({ problems: [], users: [] })
})

it('desired state lists what it is given, with a reason where there is one', () => {
  const text = desiredText([
    { id: 'core', state: 'running', note: null },
    { id: 'docs', state: 'stopped', note: null },
    { id: 'db', state: 'running', note: 'was stopped, but photos requires it' },
  ])

  expect(text).toContain('\n[stacklets.core]\n\n[stacklets.docs]\nstate = "stopped"\n')
  expect(text).toContain('state = "running"                # was stopped, but photos requires it\n')
  expect(parseDesired(text, 'desired.toml')).toMatchObject({
    problems: [],
    entries: [
      { id: 'core', state: 'running' },
      { id: 'docs', state: 'stopped' },
      { id: 'db', state: 'running' },
    ],
  })
  expect(parseDesired(desiredText([]), 'desired.toml')).toMatchObject({ problems: [], isEmpty: true })
})

describe('.gitignore', () => {
  it.each<[string, string | null, string | null]>([
    ['is made', null, '.stack/\n.env\n/data/\n'],
    ['gets what is missing at its end', 'dist/', 'dist/\n.stack/\n.env\n/data/\n'],
    ['is left alone where it says all of it', 'data\n/.stack\n.env\n', null],
    [
      'is not fooled by names that only begin alike',
      '.stack-old/\n.env.local\ndata2\n',
      '.stack-old/\n.env.local\ndata2\n.stack/\n.env\n/data/\n',
    ],
  ])('%s', (_, before, after) => {
    expect(gitignoreText(before, ignoredPaths('data', false))).toBe(after)
  })

  it('leaves out data that lies elsewhere, and hides the state of the original', () => {
    expect(ignoredPaths(null, true)).toEqual(['.stack/', '.env', '.famstack/'])
  })
})
