import { beforeAll, expect, it } from 'vitest'
import { type EngineApart, furnishedEngine } from '../engine/engine-apart.ts'
import { docker26 } from '../engine/engine-versions.ts'
import type { TestImages } from '../engine/images.ts'
import { uniqueName } from '../engine/ports.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { makeInstance } from './support/instance.ts'
import { chance } from './support/soak/chance.ts'
import { soak } from './support/soak/soak.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

/** `npm run soak` has as many as twelve hours have, one a quarter of a minute. */
const events = Number(process.env['STACK_SOAK'] ?? 110)
const seed = Number(process.env['STACK_SEED'] ?? 1)
const patience = 300_000 + events * 5_000

const onEnd = atTheEnd()
let engine: EngineApart
let images: TestImages

beforeAll(async () => {
  ;[engine, images] = await furnishedEngine(docker26, onEnd)
})

it('a daemon to which everything happens takes no more and no more of the machine, and converges', {
  timeout: patience,
}, async () => {
  const ids = ['one', 'two', 'three'].map(uniqueName)
  const service = '    environment: { VERSION: first }\n'
  const files = ids.map((id) => webStacklet({ id, image: images.web, service }))
  const host = await makeInstance(
    { ...Object.assign({}, ...files), ...desiredRunning(...ids) },
    { engineEnv: engine.env },
  )
  await host.commit('first')

  const soaked = await soak({
    ...{ host, ids, events, chance: chance(seed), engineEvery: Math.max(35, Math.floor(events / 40)) },
    killEngine: async () => {
      await engine.kill()
      await engine.start(await docker26())
    },
    say: (line) => process.stderr.write(`soak: ${line}\n`),
  })

  process.stderr.write(`soak: seed ${seed}: ${JSON.stringify(soaked, null, 2)}\n`)
  expect(soaked.exitCode).toBe(0)
  expect(soaked.atEnd.mebibytes - soaked.halfWay.mebibytes).toBeLessThan(40)
  expect(soaked.atEnd.descriptors - soaked.halfWay.descriptors).toBeLessThan(8)
  expect(soaked.atEnd.watched).toBeLessThanOrEqual(soaked.halfWay.watched + 8)
  expect(soaked.happened['engine killed']).toBeGreaterThan(0)
})
