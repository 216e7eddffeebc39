import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ProjectKind, type StartedProject, startProjects } from './fixtures/compose-projects.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { changedPaths, snapshot } from './support/snapshot.ts'

const plain = { 'compose.yml': 'services:\n  web: { image: WEB }\n' }
const kinds: readonly ProjectKind[] = [
  { what: 'plain', files: plain },
  { what: 'edited', files: plain },
  { what: 'gone', files: plain },
  {
    what: 'half stopped',
    files: { 'compose.yml': 'services:\n  web: { image: WEB }\n  other: { image: WEB }\n' },
    later: ['stop', '--timeout', '0', 'other'],
  },
]

const onEnd = atTheEnd()
let host: Instance
let projects: readonly StartedProject[]
beforeAll(async () => {
  host = await makeInstance({ 'desired/desired.toml': '# mine\n' }, { onEnd })
  await host.commit()
  projects = await startProjects(kinds, onEnd)
})

describe('nothing is adopted, and nothing is written,', () => {
  it('of a project that is not there: the nearest is named', async () => {
    const { name } = named('plain')
    const { error } = await refused(`${name}x`)

    expect(error).toMatchObject({ code: 'STACK_UNKNOWN_PROJECT', hint: `did you mean ${name}?` })
  })

  it('under an id that is a command of stack, or none at all', async () => {
    const { name } = named('plain')

    expect((await refused(name, '--id', 'status')).error.message).toBe('status is a command of stack')
    expect((await refused(name, '--id', 'Über')).error.code).toBe('STACK_USAGE')
  })

  it('under an id that something else has', async () => {
    const { name } = named('plain')
    await host.write('stacklets/mine/stacklet.toml', 'id = "mine"\n')
    await host.commit()

    expect((await refused(name, '--id', 'mine')).error.message).toBe('mine is taken: there is stacklets/mine/')
  })

  it('while desired.toml has edits that nobody committed', async () => {
    await host.write('desired/desired.toml', '# mine, edited\n')
    const { error } = await refused(named('plain').name)
    await host.write('desired/desired.toml', '# mine\n')

    expect(error).toMatchObject({ code: 'STACK_NOT_COMMITTED', at: expect.stringContaining('desired/desired.toml') })
  })

  it('when its files were edited since it was started: they would make it anew', async () => {
    const { name, folder } = named('edited')
    const path = join(folder, 'compose.yml')
    await writeFile(path, (await readFile(path, 'utf8')).replace('image:', 'hostname: other, image:'))
    const { error } = await refused(name)

    expect(error.code).toBe('STACK_NOT_ADOPTABLE')
    expect(error.message).toBe(`the files of ${name} are not what runs: Compose would make ${name}-web-1 anew`)
    expect(error.hint).toContain(folder)
  })

  it('when its Compose file is gone', async () => {
    const { name, folder } = named('gone')
    await rm(join(folder, 'compose.yml'))
    const { error } = await refused(name)
    await writeFile(join(folder, 'compose.yml'), 'services:\n  web: { image: none }\n')

    expect(error.message).toBe(`${name} cannot be adopted: ${folder}/compose.yml is gone`)
  })

  it('when a part of it does not run: the next run would start it', async () => {
    const { name } = named('half stopped')
    const { error } = await refused(name)

    expect(error.message).toContain(`the next run would start ${name} (stopped)`)
  })
})

describe('a second time', () => {
  it('says whose it is already', async () => {
    const { name } = named('plain')
    const first = await host.stack('adopt', name, '--id', 'page')
    const { error } = await refused(name)

    expect(first, first.stderr).toMatchObject({ code: 0 })
    expect(error).toMatchObject({ code: 'STACK_REFUSED', message: `${name} is the stacklet page already` })
  })

  it('goes on where it was cut short between the commit and the ledger', async () => {
    const { name } = named('plain')
    const before = await host.git('rev-parse', 'HEAD')
    await host.remove('.stack/ledger/page.json')

    const held = await host.stack('plan', '--json')
    const again = await host.stack('adopt', name, '--id', 'page')
    const plan = await host.stack('plan', '--json')

    expect(held.json.notes).toMatchObject([{ kind: 'held', stacklet: 'page' }])
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(plan.json).toMatchObject({ empty: true, notes: [] })
    expect(await host.git('rev-parse', 'HEAD')).toBe(before)
  })
})

function named(what: string): StartedProject {
  const found = projects.find((one) => one.what === what)
  if (found === undefined) throw new Error(`no project is ${what}`)
  return found
}

async function refused(name: string, ...words: readonly string[]): Promise<Answer['json']> {
  const before = await snapshot(host.folder)
  const answer = await host.stack('adopt', name, '--json', ...words)
  const written = changedPaths(before, await snapshot(host.folder)).filter(
    (path) => !/^\.(git|stack)(\/|$)|^\.$/.test(path),
  )
  expect([1, 64]).toContain(answer.code)
  expect(written).toEqual([])
  return answer.json
}
