import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { gitIn } from '../../demo/git.ts'
import { stackCommand } from '../../demo/places.ts'
import type { Contest, Ground, Row } from '../row.ts'

/** The commonest job of all: everything is as it should be, and the question is how long it takes to know that. */
export function nothingToDo(count: number): Row {
  return {
    name: `nothing to do, ${count} stacklets`,
    ours: 'stack plan',
    peer: `docker compose up -d, ${count} times`,
    setup: (ground) => setup(ground, count),
  }
}

async function setup(ground: Ground, count: number): Promise<Contest> {
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, '0'))
  const instance = join(ground.folder, 'ours')
  const peers = join(ground.folder, 'peers')
  const contest: Contest = {
    ours: () => planIsEmpty(ground, instance),
    peer: async () => void (await ground.call(['sh', '-c', loop], peers)),
    cleanUp: () => cleanUp(ground, instance, peers),
  }
  try {
    await writeInstance(ground, instance, numbers)
    await ground.call([...stackCommand(), 'reconcile'], instance)
    await writePeers(ground, peers, instance, numbers)
    await contest.peer()
    return contest
  } catch (error) {
    await contest.cleanUp()
    throw error
  }
}

const loop = 'for file in */docker-compose.yml; do docker compose --file "$file" up --detach || exit 1; done'

async function planIsEmpty({ call }: Ground, instance: string): Promise<void> {
  const said = await call([...stackCommand(), 'plan'], instance)
  if (!said.startsWith('Nothing to do')) throw new Error(`the plan is not empty:\n${said}`)
}

async function writeInstance({ env, image, mark, folder }: Ground, instance: string, numbers: readonly string[]) {
  const ids = numbers.map((number) => `bench-${mark}-${number}`)
  const files = [
    ['.gitignore', '.stack/\n.env\n'],
    ['stack.toml', `[core]\ndata_dir = ${JSON.stringify(join(folder, 'data'))}\n`],
    ['desired/desired.toml', ids.map((id) => `[stacklets.${id}]\n`).join('')],
    ...ids.flatMap((id) => [
      [`stacklets/${id}/stacklet.toml`, `id = "${id}"\n[env.defaults]\nGREETING = "Hello from {stacklet_id}"\n`],
      [`stacklets/${id}/docker-compose.yml`, composeFile(`stack-${id}`, image)],
    ]),
  ] as const
  for (const [path, text] of files) await writeUnder(instance, path, text)

  const git = gitIn(instance, env)
  await git('init', '--quiet', '--template=')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'The stacklets to compare')
}

/** The same projects under other names, with the very environment that ours were given. */
async function writePeers({ image, mark }: Ground, peers: string, instance: string, numbers: readonly string[]) {
  for (const number of numbers) {
    const env = await readFile(join(instance, 'stacklets', `bench-${mark}-${number}`, '.env'), 'utf8')
    await writeUnder(peers, `${number}/.env`, env)
    await writeUnder(peers, `${number}/docker-compose.yml`, composeFile(`peer-${mark}-${number}`, image))
  }
}

function composeFile(name: string, image: string): string {
  return `name: ${name}
services:
  ${name}:
    container_name: ${name}
    image: ${image}
    command: ["sleep", "86400"]
    init: true
    env_file: .env
    networks:
      - stack
    restart: unless-stopped
networks:
  stack:
    external: true
`
}

async function writeUnder(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

async function cleanUp({ call, mark }: Ground, instance: string, peers: string): Promise<void> {
  const id = (await readFile(join(instance, '.stack/instance-id'), 'utf8').catch(() => '')).trim()
  const ours = id === '' ? [] : ['--filter', `label=stack.instance=${id}`]
  const cwd = dirname(peers)
  const list = async (argv: readonly string[]) => (await call(argv, cwd)).split('\n').filter((name) => name !== '')
  const named = await list(['docker', 'ps', '--all', '--quiet', '--filter', `name=-${mark}-`])
  if (named.length > 0) await call(['docker', 'rm', '--force', '--volumes', ...named], cwd)
  if (ours.length === 0) return
  const networks = await list(['docker', 'network', 'ls', '--quiet', ...ours])
  // Somebody else may have joined it since.
  for (const network of networks) await call(['docker', 'network', 'rm', network], cwd).catch(() => '')
}
