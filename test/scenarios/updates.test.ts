import { expect, it, vi } from 'vitest'
import { published } from './support/published.ts'
import { updatable } from './support/updatable.ts'

/** Each is several whole runs. */
vi.setConfig({ testTimeout: 300_000 })

it('a new digest of the same tag is checked without a pull, then taken in a commit of the lock alone', async () => {
  const { repository, pushWeb } = published()
  const old = await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"' })
  const fresh = await pushWeb('1.1', '1')
  const before = await host.git('rev-parse', 'HEAD')

  const check = await host.update('--check')

  expect(check.code).toBe(0)
  expect(check.image).toMatchObject({ current: `1@${old}`, candidate: `1@${fresh}`, decision: 'update' })
  expect(await host.says()).toBe('1.0')
  expect(await host.docker(['images', '--quiet', '--digests', `${repository}@${fresh}`])).toBe('')
  expect(await host.git('rev-parse', 'HEAD')).toBe(before)

  const taken = await host.update()

  expect(taken, taken.stderr).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await host.says()).toBe('1.1')
  expect(await host.runs()).toBe(`${repository}:1@${fresh} running`)
  expect(await host.git('show', '--name-only', '--format=', 'HEAD')).toBe('desired/stack.lock')
  expect(await host.git('log', '--format=%B', '-1')).toContain(
    `${host.id} web: 1, version 1.0, ${old.slice(0, 19)} -> 1, version 1.1, ${fresh.slice(0, 19)}`,
  )
  expect(await host.read('desired/stack.lock')).toContain(fresh)
  expect((await host.stack('plan')).code).toBe(0)
  expect((await host.update()).image).toMatchObject({ decision: 'up-to-date', candidate: null })
})

it('git revert of an update brings the old digest back', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"' })
  await pushWeb('1.1', '1')
  await host.update()
  await host.git('revert', '--no-edit', 'HEAD')

  const plan = await host.stack('plan', '--json')
  const run = await host.stack('reconcile')

  const changes = plan.json.steps.flatMap((step: { changes: unknown[] }) => step.changes)
  expect(changes).toMatchObject([
    { field: 'web image', cause: expect.stringMatching(/^commit .*, desired\/stack.lock$/) },
  ])
  expect(run, run.stderr).toMatchObject({ code: 0 })
  expect(await host.says()).toBe('1.0')
})

it('what a person reverted is not taken again by itself; a newer one is, and the same after a release', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"' })
  const unwanted = await pushWeb('1.1', '1')
  await host.update()
  await host.git('revert', '--no-edit', 'HEAD')
  await host.stack('reconcile')

  const answer = await host.update()

  expect(answer).toMatchObject({ code: 0, image: { decision: 'held', candidate: `1@${unwanted}` } })
  expect(answer.image['because']).toContain('git went back from it')
  expect(await host.says()).toBe('1.0')
  expect((await host.stack('why', host.id)).stdout).toContain('git went back from it')
  expect((await host.stack('status', '--json')).json.updates).toMatchObject([{ decision: 'held' }])

  const released = await host.stack('release', host.id)
  expect(released.stderr).toContain('images of it were not to be taken again')
  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await host.says()).toBe('1.1')

  await host.git('revert', '--no-edit', 'HEAD')
  await host.stack('reconcile')
  expect(await host.update()).toMatchObject({ image: { decision: 'held' } })
  await pushWeb('1.2', '1')
  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await host.says()).toBe('1.2')
})

it('the channel patch goes from 1.2.3 to 1.2.4, and not to 1.3.0', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.2.3', '1.2.3')
  const host = await updatable({ image: `${repository}:1.2.3`, update: 'channel = "patch"' })
  await pushWeb('1.3.0', '1.3.0', '1.2.4-rc1', 'v1.2.9')
  await pushWeb('1.2.4', '1.2.4')

  const taken = await host.update()

  expect(taken, taken.stderr).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(taken.image['candidate']).toMatch(/^1\.2\.4@/)
  expect(await host.says()).toBe('1.2.4')
  expect(await host.git('log', '--format=%s', '-1')).toBe(`update ${host.id} web 1.2.3 -> 1.2.4`)
})

it('16-alpine becomes 17-alpine where that is allowed, and never 17 or 16-bookworm', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('16 alpine', '16-alpine')
  const host = await updatable({ image: `${repository}:16-alpine`, update: 'channel = "major"' })
  await pushWeb('wrong', '17', '16-bookworm', '17-bookworm', '16.1-alpine', '18-alpine3.20', 'latest')

  expect((await host.update()).image).toMatchObject({ decision: 'up-to-date' })

  await pushWeb('17 alpine', '17-alpine')
  expect((await host.update()).image).toMatchObject({ decision: 'updated' })
  expect(await host.says()).toBe('17 alpine')
})

it('what nobody said anything of is only reported', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: '' })
  await pushWeb('1.1', '1')

  const answer = await host.update()

  expect(answer).toMatchObject({ code: 0, image: { decision: 'reported-only', policy: 'not said' } })
  expect(await host.says()).toBe('1.0')
})

it('an update outside of its window, or too young, waits and says until when', async () => {
  const { repository, pushWeb } = published()
  await pushWeb('1.0', '1')
  const hour = new Date().getUTCHours()
  const [from, to] = [(hour + 6) % 24, (hour + 8) % 24].map((one) => `${String(one).padStart(2, '0')}:00`)
  const host = await updatable({ image: `${repository}:1`, update: `channel = "digest"\nwindow = "${from}-${to}"` })
  await pushWeb('1.1', '1')

  expect((await host.update()).image).toMatchObject({
    decision: 'deferred',
    because: expect.stringMatching(new RegExp(`window.*until .*T${from}Z`)),
  })

  await host.write('desired/desired.toml', `[stacklets.${host.id}.update]\nchannel = "digest"\nmin_age = "3d"\n`)
  await host.commit('older, please')
  expect((await host.update()).image).toMatchObject({
    decision: 'deferred',
    because: expect.stringContaining('min_age'),
  })
  expect(await host.says()).toBe('1.0')
})

it('what runs already is locked without being made anew', async () => {
  const { repository, pushWeb } = published()
  const digest = await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"' })
  await host.docker(['pull', '--quiet', `${repository}:1`])
  const id = await host.docker(['inspect', '--format', '{{.Id}}', `stack-${host.id}`])

  const answer = await host.update()
  const run = await host.stack('reconcile')

  expect(answer).toMatchObject({ code: 0, image: { decision: 'up-to-date' } })
  expect(await host.read('desired/stack.lock')).toContain(digest)
  expect(run, run.stderr).toMatchObject({ code: 0 })
  expect((await host.stack('plan')).code).toBe(0)
  expect(await host.docker(['inspect', '--format', '{{.Id}}', `stack-${host.id}`])).toBe(id)
})
