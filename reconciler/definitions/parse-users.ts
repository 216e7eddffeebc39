import { z } from 'zod'
import type { Problem } from '../model/problem.ts'
import type { User } from '../model/settings.ts'
import { Id, refuse } from './kinds.ts'
import { inReadingOrder, readToml } from './read-toml.ts'
import { isLeftOut, keyPosition, type TomlSource, valuePosition } from './toml-source.ts'

const UserId = z.string().transform((text, context) => {
  if (text === '' || isUserId(text)) return text
  return refuse(context, text, 'must be a user name: letters, digits, dots, hyphens and underscores')
})

const Person = z.strictObject({
  id: UserId.optional(),
  name: z.string().default(''),
  email: z.string().default(''),
  role: z.enum(['admin', 'member', 'restricted']).default('member'),
  stacklets: z.array(Id).default([]),
  password: z.unknown().optional(),
})
type Person = z.infer<typeof Person>

const UsersToml = z.strictObject({ users: z.array(Person).default([]) })

/** `users.toml`: who there is. Never a password: those live in `.stack/secrets.toml`. */
export function parseUsers(
  text: string | null,
  file: string,
): { users: readonly User[]; problems: readonly Problem[] } {
  const reading = readToml(UsersToml, text ?? '', file, { unknownKeys: 'error', about: null })
  const problems: Problem[] = [...reading.problems]
  const users: User[] = []
  for (const [index, person] of reading.value.users.entries()) {
    const user = { ...identity(person), role: person.role, stacklets: person.stacklets }
    const complaints = explainUser(user, person, index, { source: reading.source, users })
    problems.push(...complaints)
    if (user.id !== '' && !complaints.some((problem) => problem.level === 'error')) users.push(user)
  }
  return { users, problems: inReadingOrder(problems) }
}

function identity(person: Person): Pick<User, 'id' | 'name' | 'email'> {
  const firstWord = person.name.trim().split(/\s+/)[0] ?? ''
  const id = person.id || firstWord.toLowerCase()
  return { id, name: person.name.trim() || id, email: person.email }
}

interface Surroundings {
  readonly source: TomlSource
  readonly users: readonly User[]
}

function explainUser(user: User, person: Person, index: number, { source, users }: Surroundings): readonly Problem[] {
  const problems: Problem[] = []
  const here = ['users', index]
  const error = { level: 'error', about: null } as const
  if (user.id === '' && !isLeftOut(source, [...here, 'name'])) {
    const at = keyPosition(source, here)
    problems.push({ ...error, code: 'missing-key', message: `${label(index)} has no name`, hint: 'add name = "…"', at })
  } else if (user.id !== '' && !isUserId(user.id)) {
    const at = valuePosition(source, [...here, 'name'])
    const message = `${label(index)}.name ${JSON.stringify(person.name)} makes no user name`
    problems.push({ ...error, code: 'value', message, hint: 'add id = "…"', at })
  }
  if (users.some((other) => other.id.toLowerCase() === user.id.toLowerCase())) {
    const at = valuePosition(source, [...here, person.id ? 'id' : 'name'])
    const message = `there are two users called ${JSON.stringify(user.id)}`
    problems.push({ ...error, code: 'duplicate', message, hint: 'give one of them another id', at })
  }
  if (person.password !== undefined) {
    problems.push({
      level: 'warning',
      code: 'not-supported',
      message: `${label(index)}.password is not read`,
      hint: 'take it out; passwords live in .stack/secrets.toml, which git never sees',
      at: keyPosition(source, [...here, 'password']),
      about: null,
    })
  }
  return problems
}

function label(index: number): string {
  return `users[${index}]`
}

function isUserId(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(text)
}
