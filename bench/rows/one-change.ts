import { commitAll, composeFile, removeTwins, stack, writeTwins, writeUnder } from '../instance.ts'
import type { Contest, Ground, Row } from '../row.ts'

/** One Compose file of many was edited and committed. */
export const oneChange: Row = {
  key: 'change',
  name: 'one changed stacklet',
  goals: [{ side: 'docker compose up -d of it alone', atMost: 1.3 }],
  setup,
}

async function setup(ground: Ground): Promise<Contest> {
  const twins = await writeTwins(ground, 'o', Math.min(ground.count, 40))
  const [id = '', peer = ''] = [twins.ids[0], twins.peerIds[0]]
  let edits = 0
  const up = () => ground.call(['docker', 'compose', '--file', `${peer}/docker-compose.yml`, 'up', '-d'], twins.peers)
  await stack(ground, twins, 'reconcile')
  await up()
  return {
    sides: [
      {
        name: 'stack reconcile',
        async prepare() {
          edits += 1
          const text = composeFile(`stack-${id}`, ground.image, 86_400 + edits)
          await writeUnder(twins.instance, `stacklets/${id}/docker-compose.yml`, text)
          await commitAll(twins.instance, ground.env, 'An edit')
        },
        work: () => stack(ground, twins, 'reconcile'),
      },
      {
        name: 'docker compose up -d of it alone',
        prepare: () =>
          writeUnder(twins.peers, `${peer}/docker-compose.yml`, composeFile(peer, ground.image, 86_400 + edits)),
        work: up,
      },
    ],
    cleanUp: () => removeTwins(ground, twins),
  }
}
