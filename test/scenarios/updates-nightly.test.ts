import { expect, it } from 'vitest'
import { testEngine } from '../engine/test-engine.ts'
import { startDaemon } from './support/daemon.ts'
import { published } from './support/published.ts'
import { until } from './support/until.ts'
import { updatable } from './support/updatable.ts'

const patience = { withinMs: 60_000 }

it('a daemon takes a new image on schedule, and a bad one is put back, reverted in git and not tried again', async () => {
  const { busybox } = testEngine().images
  const { repository, push, pushWeb } = published()
  await pushWeb('1.0', '1')
  const settings = '[updates]\nschedule = "*/3 * * * * *"\n'
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"', settings })
  await host.update()
  const { says } = await startDaemon(host)

  await pushWeb('1.1', '1')
  await says(({ msg, stacklet }) => msg === 'image updated' && stacklet === host.id, 60_000)
  expect(await host.says()).toBe('1.1')

  await push(`FROM ${busybox}\nCMD ["sh", "-c", "exit 1"]\n`, '1')
  await says(({ msg }) => msg === 'image put-back', 90_000)
  expect(await host.says()).toBe('1.1')
  expect(await host.git('log', '--format=%s', '-1')).toBe(`put back ${host.id} web`)

  await pushWeb('1.2', '1')
  await until(async () => ((await host.says().catch(() => 'nobody')) === '1.2' ? true : null), patience)
})
