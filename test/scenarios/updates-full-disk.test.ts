import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { type EngineApart, engineApart } from '../engine/engine-apart.ts'
import { docker26 } from '../engine/engine-versions.ts'
import { mountSmallDisk } from '../engine/small-disk.ts'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { published, webServer } from './support/published.ts'
import { type Updatable, updatable } from './support/updatable.ts'

const onEnd = atTheEnd()
const { images, registry } = testEngine()
let engine: EngineApart

/** It keeps its images on a disk of 160 MB. */
beforeAll(async () => {
  engine = await engineApart()
  onEnd(engine.remove)
  await mountSmallDisk(engine.data, 160)
  await engine.start(await docker26())
  await engine.bringNear(registry)
})

it('an image that does not fit on the disk is not taken and leaves no trace; once there is room it is taken', {
  timeout: 300_000,
}, async () => {
  const { repository, push, pushWeb } = published()
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"', engineEnv: engine.env })
  await host.update()
  await host.stack('reconcile')
  const fresh = await push(`${webServer(images.busybox, '1.1')}RUN dd if=/dev/zero of=/large bs=1M count=80\n`, '1')
  await fillUp(engine.data, 40)
  const before = await looks(host)

  const answer = await host.update()

  expect(answer).toMatchObject({ code: 1, image: { decision: 'failed', candidate: `1@${fresh}` } })
  expect(answer.image['because']).toMatch(/^pull of .*: this host's disk is full.*docker system df/)
  expect(await looks(host)).toEqual(before)
  expect(await freeMegabytes(engine.data)).toBeGreaterThanOrEqual(38)
  expect(JSON.parse(await host.read('.stack/first-seen'))).toMatchObject({ begun: [], quarantine: [] })
  const plan = await host.stack('plan')
  expect(plan, plan.stdout).toMatchObject({ code: 0 })
  expect((await host.stack('why', host.id)).stdout).toContain("this host's disk is full")

  await rm(join(engine.data, 'ballast'))
  const taken = await host.update()

  expect(taken, taken.stderr).toMatchObject({ code: 0, image: { decision: 'updated' } })
  expect(await saysInside(host)).toBe('1.1')
  expect(await host.read('desired/stack.lock')).toContain(fresh)
})

/** What must be as it was. */
async function looks(host: Updatable) {
  return {
    container: await host.docker(['inspect', '--format', '{{.Id}} {{.State.StartedAt}}', `stack-${host.id}`]),
    says: await saysInside(host),
    head: await host.git('rev-parse', 'HEAD'),
    edits: await host.git('status', '--porcelain'),
    images: await host.docker(['image', 'ls', '--no-trunc', '--quiet']),
  }
}

/** Its ports are those of another network namespace. */
function saysInside({ docker, id }: Updatable): Promise<string> {
  return docker(['exec', `stack-${id}`, 'wget', '-q', '-O', '-', 'http://127.0.0.1'])
}

/** Leaves this much of a disk. */
async function fillUp(folder: string, leftMegabytes: number): Promise<void> {
  const size = (await freeMegabytes(folder)) - leftMegabytes
  const ran = await run(['fallocate', '--length', `${size}M`, join(folder, 'ballast')])
  if (ran.exitCode !== 0) throw new Error(ran.stderr)
}

async function freeMegabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.floor((bavail * bsize) / 1024 ** 2)
}
