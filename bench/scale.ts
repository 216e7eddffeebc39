import { join } from 'node:path'
import { inProcess } from './in-process.ts'
import { composeLoopOf, planIsEmpty, removeTwins, stack, writeTwins } from './instance.ts'
import { median } from './measure.ts'
import type { Series } from './plot.ts'
import type { Ground } from './row.ts'
import { simulated } from './simulated.ts'

/** How the cost of having nothing to do grows: with an engine that answers at once far up, and on the real one as far as it goes. */
export async function scale(ground: Ground, rounds: number, say: (line: string) => void): Promise<readonly Series[]> {
  const look: [number, number][] = []
  for (const count of [10, 30, 100, 300, 1000, 3000]) {
    say(`simulated, ${count} stacklets`)
    look.push([count, await simulatedLook(ground, count, rounds)])
  }
  const plan: [number, number][] = []
  const daemon: [number, number][] = []
  const loop: [number, number][] = []
  for (const count of [10, 30, 100].filter((one) => one <= ground.count)) {
    say(`on the engine, ${count} stacklets`)
    const costs = await realCosts(ground, count, rounds)
    loop.push([count, costs.loop])
    plan.push([count, costs.plan])
    daemon.push([count, costs.daemon])
  }
  return [
    { name: 'docker compose up -d of each', points: loop },
    { name: 'stack plan, whole process', points: plan },
    { name: 'a look of the daemon', points: daemon },
    { name: 'a look of the daemon, simulated engine', points: look },
  ]
}

async function simulatedLook(ground: Ground, count: number, rounds: number): Promise<number> {
  const twins = await writeTwins({ ...ground, folder: join(ground.folder, 'simulated') }, `s${count}`, count)
  const daemon = await simulated(twins.instance, twins.ids, ground.env)
  await daemon.look()
  return medianOf(rounds, daemon.look)
}

async function realCosts(ground: Ground, count: number, rounds: number) {
  const twins = await writeTwins(ground, `r${count}x`, count)
  try {
    await stack(ground, twins, 'reconcile')
    await composeLoopOf(ground, twins)
    const { look } = await inProcess(twins.instance, ground.env)
    await look()
    return {
      loop: await medianOf(Math.min(rounds, 3), () => composeLoopOf(ground, twins)),
      plan: await medianOf(rounds, () => planIsEmpty(ground, twins)),
      daemon: await medianOf(rounds, look),
    }
  } finally {
    await removeTwins(ground, twins)
  }
}

async function medianOf(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const ms: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const beganMs = performance.now()
    await work()
    ms.push(performance.now() - beganMs)
  }
  return median(ms)
}
