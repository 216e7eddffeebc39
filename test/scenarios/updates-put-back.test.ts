import { expect, it, vi } from 'vitest'
import { testEngine } from '../engine/test-engine.ts'
import { published, webServer } from './support/published.ts'
import { updatable } from './support/updatable.ts'

const { busybox } = testEngine().images

/** Each is three or four whole runs. */
vi.setConfig({ testTimeout: 300_000 })

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
    expect((await host.stack('why', host.id)).stdout).toContain('! quarantined: ')
    expect((await host.stack('status', '--json')).json.updates).toMatchObject([{ decision: 'quarantined' }])
    expect(await host.says()).toBe('1.0')

    await pushWeb('1.2', '1')
    expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })
    expect(await host.says()).toBe('1.2')
  },
)

it('an image that rewrites its data and then fails is put back, and the data with it, to the last attribute', async () => {
  const { repository, push, pushWeb } = published()
  await pushWeb('1.0', '1')
  const mounts = `    volumes: ["\${DATA_DIR}/db:/data", "kept:/kept"]\n`
  const host = await updatable({
    image: `${repository}:1`,
    update: 'channel = "digest"\nsnapshot = true',
    service: mounts,
    volumes: '  kept: {}\n',
    manifest: '[env.defaults]\nDATA_DIR = "{data_dir}"\n',
  })
  const fill = `cd /data && echo precious > file && chmod 640 file && chown 70:71 file && ln -s file link &&
    ln file hard && truncate -s 50M holes && mkdir -p deep/er && touch -d '2001-02-03 04:05:06' deep/er/old && mkfifo pipe &&
    echo kept > /kept/file`
  await host.docker(['exec', `stack-${host.id}`, 'sh', '-c', fill])
  const sum = `cd / && find data kept | sort | xargs stat -c '%n %f %u %g %s %h %Y' && cat data/file kept/file && readlink data/link &&
    sha256sum data/holes`
  const looks = () => host.docker(['exec', `stack-${host.id}`, 'sh', '-c', sum])
  const before = await looks()
  const spoils = `FROM ${busybox}
CMD ["sh", "-c", "echo migrated > /data/file; rm -rf /data/deep /data/link; echo x > /kept/file; touch /data/new; exit 1"]
`
  await push(spoils, '1')

  const answer = await host.update()

  expect(answer, answer.stderr).toMatchObject({ code: 1, image: { decision: 'put-back' } })
  expect(await looks()).toBe(before)
  expect(await host.says()).toBe('1.0')
  const blocks = await host.docker(['exec', `stack-${host.id}`, 'stat', '-c', '%b', '/data/holes'])
  expect(Number(blocks)).toBeLessThan(1000)

  await pushWeb('1.2', '1')
  expect(await host.update()).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await looks()).toBe(before)
})
