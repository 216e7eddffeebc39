import { expect, it, vi } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { published } from './support/published.ts'

/** Each is several builds. */
vi.setConfig({ testTimeout: 300_000 })

interface Building extends Instance {
  readonly id: string
  /** What its web server has at this path. */
  readonly says: (path?: string) => Promise<string>
}

/** One that builds the web server that it runs, committed and running. */
async function building(dockerfile: string): Promise<Building> {
  const id = uniqueName('own')
  const port = await freePort()
  const host = await makeInstance({
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\nport = ${port}\nbuild = true\n`,
    [`stacklets/${id}/app/Dockerfile`]: dockerfile,
    [`stacklets/${id}/docker-compose.yml`]: `services:
  web:
    build: ./app
    container_name: stack-${id}
    ports: ["127.0.0.1:${port}:80"]
    networks: [stack]
networks:
  stack: { external: true }
`,
    'desired/desired.toml': `[stacklets.${id}]\nupdate.channel = "digest"\n`,
  })
  await host.commit('first')
  const first = await host.stack('reconcile')
  expect(first, first.stderr).toMatchObject({ code: 0 })
  const says = async (path = '/') => (await (await fetch(`http://127.0.0.1:${port}${path}`)).text()).trim()
  return { ...host, id, says }
}

it('what is built here is built anew when its base image is new, and a revert builds upon the old one', async () => {
  const { repository, pushWeb } = published()
  const old = await pushWeb('base 1', '1')
  const host = await building(`FROM ${repository}:1\nRUN echo "and ours" >> /www/index.html\n`)
  expect(await host.says()).toBe('base 1\nand ours')
  await host.docker(['pull', '--quiet', `${repository}:1`])
  const fresh = await pushWeb('base 2', '1')

  const taken = await host.stack('update', '--json')

  expect(taken, taken.stderr).toMatchObject({ code: 0 })
  expect(taken.json.images).toMatchObject([{ image: `${repository}:1`, decision: 'updated', candidate: `1@${fresh}` }])
  expect(await host.says()).toBe('base 2\nand ours')
  expect(await host.stack('plan')).toMatchObject({ code: 0 })

  if (!(await host.read('desired/stack.lock')).includes(fresh)) throw new Error('the lock does not say so')
  await host.write('desired/stack.lock', (await host.read('desired/stack.lock')).replace(fresh, old))
  await host.commit('back')
  const back = await host.stack('reconcile')
  expect(back, back.stderr).toMatchObject({ code: 0 })
  expect(await host.says()).toBe('base 1\nand ours')
})

it('an image of another stage, or that files are copied from, is followed like the last, each by a line of its own', async () => {
  const [base, tool, files] = [published(), published(), published()]
  const [baseDigest] = [await base.pushWeb('base 1', '1'), await tool.pushWeb('tool 1', '1')]
  await files.pushWeb('files 1', '1')
  const host = await building(`ARG TAG=1
FROM ${tool.repository}:\${TAG} AS made
RUN cp /www/index.html /made
FROM ${base.repository}:1
COPY --from=made /made /www/made.html
COPY --from=${files.repository}:1 /www/index.html /www/copied.html
`)
  const pages = () => Promise.all(['/', '/made.html', '/copied.html'].map((path) => host.says(path)))
  expect(await pages()).toEqual(['base 1', 'tool 1', 'files 1'])
  const locked = await host.stack('update', '--json')
  expect(locked, locked.stderr).toMatchObject({ code: 0 })
  expect(await host.read('desired/stack.lock')).toContain(baseDigest)
  const [toolDigest, filesDigest] = [await tool.pushWeb('tool 2', '1'), await files.pushWeb('files 2', '1')]

  const taken = await host.stack('update', '--json')

  expect(taken, taken.stderr).toMatchObject({ code: 0 })
  const became = taken.json.images.map((one: Record<string, string>) => [
    one['service'],
    [one['decision'], one['candidate']],
  ])
  expect(Object.fromEntries(became)).toEqual({
    web: ['up-to-date', null],
    [`web from ${tool.repository}:1`]: ['updated', `1@${toolDigest}`],
    [`web from ${files.repository}:1`]: ['updated', `1@${filesDigest}`],
  })
  expect(await pages()).toEqual(['base 1', 'tool 2', 'files 2'])
  expect(await host.stack('plan')).toMatchObject({ code: 0 })

  await host.git('revert', '--no-edit', 'HEAD')
  const back = await host.stack('reconcile')
  expect(back, back.stderr).toMatchObject({ code: 0 })
  expect(await pages()).toEqual(['base 1', 'tool 1', 'files 1'])

  await host.write(`stacklets/${host.id}/app/Dockerfile`, `FROM ${base.repository}:1\n`)
  await host.commit('one stage')
  expect(await host.stack('reconcile')).toMatchObject({ code: 0 })
  expect(await host.stack('update')).toMatchObject({ code: 0 })
  expect(await host.read('desired/stack.lock')).not.toContain(' from ')
})
