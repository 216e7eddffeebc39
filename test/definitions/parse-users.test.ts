import { describe, expect, it } from 'vitest'
import { parseUsers } from '../../reconciler/definitions/parse-users.ts'
import { said, theOnly } from './said.ts'

function users(text: string | null) {
  return parseUsers(text, 'users.toml')
}

describe('users.toml', () => {
  it.each([[null], [''], ['users = []']])('may be empty: %j', (text) => {
    expect(users(text)).toEqual({ users: [], problems: [] })
  })

  it('reads people', () => {
    const read = users(`
[[users]]
id = "arthur"
name = "Arthur Dent"
email = "arthur@home.local"
role = "admin"

[[users]]
name = "Sarah"
stacklets = ["photos", "docs"]
`)

    expect(read.problems).toEqual([])
    expect(read.users).toEqual([
      { id: 'arthur', name: 'Arthur Dent', email: 'arthur@home.local', role: 'admin', stacklets: [] },
      { id: 'sarah', name: 'Sarah', email: '', role: 'member', stacklets: ['photos', 'docs'] },
    ])
  })

  it.each([
    ['name = "Arthur Dent"', 'arthur'],
    ['name = "  Zoë  Müller"', 'zoë'],
    ['name = "李 雷"', '李'],
    ['id = ""\nname = "Ada Lovelace"', 'ada'],
    ['id = "A.L-2_x"\nname = "Ada"', 'A.L-2_x'],
    ['id = "ada"', 'ada'],
  ])('from %j makes the id %s', (lines, id) => {
    const read = users(`[[users]]\n${lines}\n`)

    expect(read.problems).toEqual([])
    expect(read.users.map((user) => user.id)).toEqual([id])
  })

  it.each([
    ['[[users]]\nrole = "admin"', 'error missing-key users.toml:1:3', 'users[0] has no name'],
    ['[[users]]\nname = ""', 'error missing-key users.toml:1:3', 'users[0] has no name'],
    ['[[users]]\nname = "<x>"', 'error value users.toml:2:8', 'users[0].name "<x>" makes no user name'],
    ['[[users]]\nid = "a b"\nname = "A"', 'error value users.toml:2:6', /^users\[0\]\.id must be a user name/],
    ['[[users]]\nname = "A"\nrole = "boss"', 'error value users.toml:3:8', /^users\[0\]\.role must be "admin"/],
    ['[[users]]\nname = 7', 'error type users.toml:2:8', 'users[0].name must be text, not 7'],
    ['[[users]]\nname = "A"\nemail = true', 'error type users.toml:3:9', 'users[0].email must be text, not true'],
    ['[[users]]\nname = "A"\nstacklets = "all"', 'error type users.toml:3:13', /must be a list, not text/],
    [
      '[[users]]\nname = "A"\nstacklets = ["x", "Y!"]',
      'error bad-id users.toml:3:19',
      /^users\[0\]\.stacklets\[1\] must be an id/,
    ],
    ['[[users]]\nname = "A"\nrol = "admin"', 'error unknown-key users.toml:3:1', 'users[0].rol is not a known key'],
    ['[users.ada]\nname = "A"', 'error type users.toml:1:2', 'users must be a list, not a table'],
    ['[[user]]\nname = "A"', 'error unknown-key users.toml:1:3', 'user is not a known key'],
    ['users = ["ada"]', 'error type users.toml:1:10', 'users[0] must be a table, not text'],
  ])('refuses %j', (text, where, message) => {
    const problem = theOnly(users(text).problems)

    expect(said([problem])).toEqual([where])
    expect(problem.message).toMatch(message)
  })

  it.each([
    ['[[users]]\nid = "ada"\n[[users]]\nid = "ada"', 'users.toml:4:6'],
    ['[[users]]\nname = "Ada A"\n[[users]]\nname = "Ada B"', 'users.toml:4:8'],
    ['[[users]]\nid = "ada"\n[[users]]\nname = "ADA"', 'users.toml:4:8'],
  ])('refuses two of one name: %j', (text, where) => {
    const read = users(text)

    expect(said(read.problems)).toEqual([`error duplicate ${where}`])
    expect(read.users).toHaveLength(1)
  })

  it('reads no password, and says where passwords live', () => {
    const read = users('[[users]]\nname = "Ada"\npassword = "hunter2"\n')

    expect(theOnly(read.problems)).toMatchObject({ level: 'warning', at: { line: 3, column: 1 } })
    expect(theOnly(read.problems).hint).toContain('.stack/secrets.toml')
    expect(JSON.stringify(read)).not.toContain('hunter2')
    expect(read.users).toHaveLength(1)
  })

  it('counts people as the file does, even when one of them cannot be read', () => {
    const read = users('users = ["ada", {name = "Bob"}, {name = "bob"}]\n')

    expect(said(read.problems)).toEqual(['error type users.toml:1:10', 'error duplicate users.toml:1:41'])
  })
})
