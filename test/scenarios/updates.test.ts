import { expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { published } from './support/published.ts'

/** One stacklet that runs this image and may be updated like this. */
async function hostWith(image: string, update: string, settings = '') {
  const id = uniqueName('web')
  const port = await freePort()
  const host = await makeInstance({
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\nport = ${port}\n`,
    [`stacklets/${id}/docker-compose.yml`]: `services:
  web:
    image: ${image}
    container_name: stack-${id}
    ports: ["127.0.0.1:${port}:80"]
    restart: unless-stopped
    networks: [stack]
networks:
  stack: { external: true }
`,
    'desired/desired.toml': `[stacklets.${id}]\n[stacklets.${id}.update]\n${update}\n`,
  })
  if (settings !== '') await host.write('stack.toml', `${await host.read('stack.toml')}${settings}`)
  await host.commit('first')
  const run = await host.stack('reconcile')
  expect(run, run.stderr).toMatchObject({ code: 0 })
  const says = async (): Promise<string> => (await (await fetch(`http://127.0.0.1:${port}`)).text()).trim()
  return { ...host, id, port, says }
}

async function running(host: Instance, id: string): Promise<string> {
  return host.docker(['inspect', '--format', '{{.Config.Image}} {{.State.Status}}', `stack-${id}`])
}

async function image(host: Instance, ...words: string[]) {
  const answer = await host.stack('update', '--json', ...words)
  return { answer, image: answer.json.images[0] }
}

it('a new digest of the same tag is checked without a pull, then taken in one commit of the lock alone', async () => {
  const { repository, pushWeb } = published()
  const old = await pushWeb('1.0', '1')
  const host = await hostWith(`${repository}:1`, 'channel = "digest"')
  const fresh = await pushWeb('1.1', '1')
  const before = await host.git('rev-parse', 'HEAD')

  const check = await image(host, '--check')

  expect(check.answer.code).toBe(0)
  expect(check.image).toMatchObject({ current: `1@${old}`, candidate: `1@${fresh}`, decision: 'update' })
  expect(await host.says()).toBe('1.0')
  expect(await host.docker(['images', '--quiet', '--digests', `${repository}@${fresh}`])).toBe('')
  expect(await host.git('rev-parse', 'HEAD')).toBe(before)

  const taken = await image(host)

  expect(taken.answer, taken.answer.stderr).toMatchObject({ code: 0 })
  expect(taken.image).toMatchObject({ decision: 'updated' })
  expect(await host.says()).toBe('1.1')
  expect(await running(host, host.id)).toBe(`${repository}:1@${fresh} running`)
  expect(await host.git('log', '--format=%P', '-2')).toContain(before)
  expect(await host.git('show', '--name-only', '--format=', 'HEAD')).toBe('desired/stack.lock')
  expect(await host.git('log', '--format=%B', '-1')).toContain(`${host.id} web: 1, version 1.0`)
  expect(await host.read('desired/stack.lock')).toContain(fresh)
  expect((await host.stack('plan')).code).toBe(0)
  expect((await image(host)).image).toMatchObject({ decision: 'up-to-date', candidate: null })
})

it('git revert of an update brings the old digest back', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await hostWith(`${repository}:1`, 'channel = "digest"')
  await pushWeb('1.1', '1')
  await image(host)
  await host.git('revert', '--no-edit', 'HEAD')

  const run = await host.stack('reconcile')

  expect(run, run.stderr).toMatchObject({ code: 0 })
  expect(await host.says()).toBe('1.0')
})
