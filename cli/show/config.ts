import type { AdminAccount, ShownSettings } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { table } from './table.ts'

/** The settings as stack.toml would say them. */
export function settingsLines(
  instance: string,
  { host, tables }: ShownSettings,
  { paint }: Pick<Terminal, 'paint'>,
): readonly string[] {
  const sections = Object.entries(tables).flatMap(([name, entries]) => {
    const values = Object.entries(entries).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    return ['', paint('bold', `[${name}]`), ...values]
  })
  return [`# ${instance}, on ${host}`, ...sections]
}

export function settingsDocument(instance: string, { host, tables }: ShownSettings): string {
  return document({ instance, host, settings: tables })
}

const howToSee = 'stack secrets get global__ADMIN_PASSWORD'

export function adminLines(admin: AdminAccount, { isInteractive }: Pick<Terminal, 'isInteractive'>): readonly string[] {
  const { name, email, password, people } = admin
  const hidden = `*** (shown on a terminal, or by ${howToSee})`
  const shown = isInteractive ? password?.reveal() : hidden
  const rows = [
    ['Name', name],
    ['E-mail', email],
    ['Password', password === null ? 'none yet: it is made when a stacklet needs one' : (shown ?? '')],
    ['Admins', people.length === 0 ? 'none in users.toml' : people.map((person) => person.name).join(', ')],
  ]
  return table(rows)
}

export function adminDocument({ name, email, password, people }: AdminAccount): string {
  const admins = people.map(({ id, name: called, email: address }) => ({ id, name: called, email: address }))
  return document({ name, email, password: password === null ? null : '***', hint: howToSee, admins })
}
