import { expect, it } from 'vitest'
import { testEngine } from '../engine/test-engine.ts'
import { published, webServer } from './support/published.ts'
import { updatable } from './support/updatable.ts'

const { busybox } = testEngine().images

const bad = {
  exits: `FROM ${busybox}\nCMD ["sh", "-c", "echo giving up >&2; exit 1"]\n`,
  'never gets healthy': `${webServer(busybox, 'sick').replace('["true"]', '["false"]')}`,
}

it.each(Object.entries(bad))(
  'an image that %s is put back, quarantined, and the next digest taken',
  async (_, dockerfile) => {
    const { repository, push, pushWeb } = published()
    const old = await pushWeb('1.0', '1')
    const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"' })
    const sick = await push(dockerfile, '1')

    const answer = await host.update()

    expect(answer).toMatchObject({ code: 1, image: { decision: 'put-back', candidate: `1@${sick}` } })
    expect(await host.says()).toBe('1.0')
    expect(await host.read('desired/stack.lock')).toContain(old)
    expect(await host.read('desired/stack.lock')).not.toContain(sick)
    const [first, second] = (await host.git('log', '--format=%s', '-2')).split('\n')
    expect([first, second]).toEqual([`put back ${host.id} web`, expect.stringMatching(/^update /)])
    expect(await host.git('status', '--porcelain')).toBe('')
    expect(await host.stack('plan')).toMatchObject({ code: 0 })

    expect(await host.update()).toMatchObject({ code: 1, image: { decision: 'quarantined' } })
    expect(await host.says()).toBe('1.0')

    await pushWeb('1.2', '1')
    expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })
    expect(await host.says()).toBe('1.2')
  },
)
