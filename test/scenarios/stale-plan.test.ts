import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { allOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { type Changed, changedHost, execute, expectRefused, file, planted, seal } from './support/sealed.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

interface Meanwhile {
  readonly what: string
  readonly happens: (on: Changed) => Promise<unknown>
  readonly says: (on: Changed) => string
}

const meanwhile: readonly Meanwhile[] = [
  {
    what: 'there is a new commit',
    happens: async ({ host }) => {
      await host.write('README.md', 'new')
      await host.commit()
    },
    says: () => 'stale: the commit (',
  },
  {
    what: 'a secret was edited',
    happens: async ({ host, id }) => {
      const secrets = await host.read('.stack/secrets.toml')
      await host.write('.stack/secrets.toml', secrets.replace(`${id}__KEY = "`, `${id}__KEY = "${planted}`))
    },
    says: ({ id }) => `stale: input env KEY of ${id} moved`,
  },
  {
    what: 'a file is being edited',
    happens: ({ host, id }) => host.write(`stacklets/${id}/more.conf`, 'x'),
    says: ({ id }) => `stale: the work tree (uncommitted edits in stacklets/${id} (more.conf)) moved`,
  },
  {
    what: 'a container was restarted by hand',
    happens: ({ host, id }) => host.docker(['restart', '--time', '0', `stack-${id}`]),
    says: ({ id }) => `stale: container stack-${id} (restarted) moved`,
  },
  {
    what: 'a container was removed by hand',
    happens: ({ host, id }) => host.docker(['rm', '--force', `stack-${id}`]),
    says: ({ id }) => `stale: container stack-${id} (gone) moved`,
  },
  {
    what: 'a container was made anew by hand',
    happens: async ({ host, id }) => {
      const document = join(host.folder, `.stack/compose/${id}.yml`)
      await host.docker(['compose', '--file', document, 'up', '--detach', '--force-recreate'])
    },
    says: ({ id }) => `stale: container stack-${id} (made anew) moved`,
  },
  {
    what: 'another run did it',
    happens: ({ host }) => runOnce(host),
    says: ({ id }) => `what was applied to ${id}`,
  },
  {
    what: 'another stacklet needs a step',
    happens: ({ host, other }) => host.docker(['rm', '--force', `stack-${other}`]),
    says: ({ other }) => `step start ${other} (new)`,
  },
]

describe('nothing is changed, and the exit code is 1, when since then', () => {
  it.each(meanwhile)('$what', async ({ happens, says }) => {
    const on = await changedHost()
    await seal(on.host)
    await happens(on)

    await expectRefused(on.host, 'STACK_STALE', says(on))
  })
})

describe('nothing is changed, and the exit code is 1, when the file', () => {
  const onEnd = atTheEnd()
  let host: Instance
  let whole: string
  beforeAll(async () => {
    host = (await changedHost({ onEnd })).host
    await seal(host)
    whole = await host.read(file)
  })

  it.each([
    ['was changed', () => whole.replace('"disrupts"', '"safe"'), 'was changed since it was sealed'],
    ['is garbage', () => Buffer.from([0xff, 0xfe, 0x00, 0x7b]), 'is no sealed plan'],
    ['is half a one', () => whole.slice(0, -20), 'is no sealed plan'],
    ['is of a later version', () => whole.replace('"format": 1', '"format": 9'), 'by another version of stack'],
  ])('%s', async (_, text, says) => {
    await host.write(file, text())

    await expectRefused(host, 'STACK_PLAN_INVALID', says)
  })

  it('is of another instance', async () => {
    const id = uniqueName('web')
    const theirs = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await theirs.write('.stack/instance-id', 'a0a0a0a0a0a0a0a0\n')
    await theirs.commit()
    await seal(theirs)
    await host.write(file, await theirs.read(file))

    await expectRefused(host, 'STACK_PLAN_INVALID', 'was sealed for another instance')
  })

  it('is of another host', async () => {
    const id = uniqueName('web')
    const theirs = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await theirs.commit()
    const sealed = await theirs.stackWith({ STACK_HOST: 'attic' }, 'plan', '--out', file)
    await host.write(file, await theirs.read(file))

    expect(sealed.code).toBe(2)
    await expectRefused(host, 'STACK_PLAN_INVALID', 'was sealed for the host attic, and this is testhost')
  })

  it('is not there', async () => {
    await host.remove(file)

    await expectRefused(host, 'STACK_FILES_FAILED', `cannot read ${file}: it is not there`)
  })

  it('comes with ids or with --no-commit, which is wrong usage', async () => {
    await host.write(file, whole)
    const before = await allOf(host)

    const answers = [
      await host.stack('up', 'core', '--plan', file, '--json'),
      await host.stack('up', '--no-commit', '--plan', file, '--json'),
    ]

    for (const answer of answers) expect(answer).toMatchObject({ code: 64, json: { error: { code: 'STACK_USAGE' } } })
    expect(await allOf(host)).toEqual(before)
  })

  it('is well again: it is executed then', async () => {
    await host.write(file, whole)

    expect((await execute(host)).json).toMatchObject({ outcome: 'converged', rounds: 1 })
  })
})
