import { expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { makeInstance } from './support/instance.ts'
import { published } from './support/published.ts'

it('what is built here is built anew when its base image is new, and a revert builds upon the old one', async () => {
  const { repository, pushWeb } = published()
  const old = await pushWeb('base 1', '1')
  const id = uniqueName('own')
  const port = await freePort()
  const host = await makeInstance({
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\nport = ${port}\nbuild = true\n`,
    [`stacklets/${id}/app/Dockerfile`]: `FROM ${repository}:1\nRUN echo "and ours" >> /www/index.html\n`,
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
  const says = async () => (await (await fetch(`http://127.0.0.1:${port}`)).text()).trim()
  const first = await host.stack('reconcile')
  expect(first, first.stderr).toMatchObject({ code: 0 })
  expect(await says()).toBe('base 1\nand ours')
  await host.docker(['pull', '--quiet', `${repository}:1`])
  const fresh = await pushWeb('base 2', '1')

  const taken = await host.stack('update', '--json')

  expect(taken, taken.stderr).toMatchObject({ code: 0 })
  expect(taken.json.images).toMatchObject([{ image: `${repository}:1`, decision: 'updated', candidate: `1@${fresh}` }])
  expect(await says()).toBe('base 2\nand ours')
  expect(await host.stack('plan')).toMatchObject({ code: 0 })

  if (!(await host.read('desired/stack.lock')).includes(fresh)) throw new Error('the lock does not say so')
  await host.write('desired/stack.lock', (await host.read('desired/stack.lock')).replace(fresh, old))
  await host.commit('back')
  const back = await host.stack('reconcile')
  expect(back, back.stderr).toMatchObject({ code: 0 })
  expect(await says()).toBe('base 1\nand ours')
})
