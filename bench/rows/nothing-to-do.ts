import { bareEngine } from '../bare-engine.ts'
import { inProcess } from '../in-process.ts'
import { composeFour, composeLoopOf, planIsEmpty, removeTwins, stack, writeTwins } from '../instance.ts'
import type { Contest, Ground, Row } from '../row.ts'

/** The commonest job of all: everything is as it should be, and the question is how long it takes to know that. */
export const nothingToDo: Row = {
  key: 'nothing',
  name: 'nothing to do',
  goals: [
    { side: 'docker compose up -d of each, one after another', atMost: 1 / 80 },
    { side: 'the engine calls alone', atMost: 3 },
    { side: 'stack plan, whole process', atMost: 1 },
  ],
  setup,
}

async function setup(ground: Ground): Promise<Contest> {
  const twins = await writeTwins(ground, 'n', ground.count)
  const cleanUp = () => removeTwins(ground, twins)
  try {
    await stack(ground, twins, 'reconcile')
    await composeLoopOf(ground, twins)
    const daemon = await inProcess(twins.instance, ground.env)
    await daemon.look()
    const bare = bareEngine(ground.socket)
    const names = twins.ids.map((id) => `stack-${id}`)
    return {
      sides: [
        { name: 'a look of the daemon', work: daemon.look },
        { name: 'the engine calls alone', work: () => engineCalls(bare, names) },
        { name: 'stack plan, whole process', work: () => planIsEmpty(ground, twins) },
        { name: 'stack status, whole process', work: () => stack(ground, twins, 'status') },
        { name: 'docker compose up -d of each, one after another', work: () => composeLoopOf(ground, twins) },
        { name: 'the plugin, four at a time', work: () => composeFour(ground, twins) },
        { name: 'node -e 0', work: () => ground.call([process.execPath, '-e', '0'], ground.folder) },
      ],
      async cleanUp() {
        bare.close()
        await cleanUp()
      },
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}

/** What every look has to ask: the lists, and each container. */
async function engineCalls(bare: ReturnType<typeof bareEngine>, names: readonly string[]): Promise<void> {
  await Promise.all(['/version', '/containers/json?all=1', '/networks'].map((path) => bare.ask('GET', path)))
  await bare.each(names, 8, (name) => bare.ask('GET', `/containers/${name}/json`))
}
