import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { gitIn } from '../demo/git.ts'
import { stackCommand } from '../demo/places.ts'
import type { Ground } from './row.ts'

/** Two copies of the same projects: an instance of ours, and folders with Compose files under names of their own. */
export interface Twins {
  readonly ids: readonly string[]
  readonly instance: string
  readonly peers: string
  readonly peerIds: readonly string[]
}

/** Files only; nothing runs yet. `label` tells the names of one row from those of another. */
export async function writeTwins(ground: Ground, label: string, count: number): Promise<Twins> {
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(4, '0'))
  const name = (kind: string) => numbers.map((number) => `${kind}-${ground.mark}-${label}${number}`)
  const base = join(ground.folder, label)
  const twins = { ids: name('bench'), peerIds: name('peer'), instance: join(base, 'ours'), peers: join(base, 'peers') }
  await writeInstance(ground, twins)
  for (const id of twins.peerIds) {
    await writeUnder(twins.peers, `${id}/.env`, `GREETING=Hello from ${id}\n`)
    await writeUnder(twins.peers, `${id}/docker-compose.yml`, composeFile(id, ground.image))
  }
  return twins
}

async function writeInstance({ env, image, folder }: Ground, { instance, ids }: Twins): Promise<void> {
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
  await commitAll(instance, env, 'The stacklets to compare')
}

export async function commitAll(instance: string, env: NodeJS.ProcessEnv, message: string): Promise<void> {
  const git = gitIn(instance, env)
  await git('add', '--all')
  await git('commit', '--quiet', '--message', message)
}

export function composeFile(name: string, image: string, seconds = 86_400): string {
  return `name: ${name}
services:
  ${name}:
    container_name: ${name}
    image: ${image}
    command: ["sleep", "${seconds}"]
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

export async function writeUnder(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

export function stack({ call }: Ground, { instance }: Twins, ...words: readonly string[]): Promise<string> {
  return call([...stackCommand(), ...words], instance)
}

export async function planIsEmpty(ground: Ground, twins: Twins): Promise<void> {
  const said = await stack(ground, twins, 'plan')
  if (!said.startsWith('Nothing to do')) throw new Error(`the plan is not empty:\n${said}`)
}

/** What a user would type, and the same with the plugin's binary, four at a time. */
const composeLoop =
  'for file in */docker-compose.yml; do docker compose --file "$file" up --detach --quiet-pull || exit 1; done'

export function composeLoopOf({ call }: Ground, { peers }: Twins): Promise<string> {
  return call(['sh', '-c', composeLoop], peers)
}

export function composeFour({ call, env }: Ground, { peers }: Twins): Promise<string> {
  const plugin = join(env['DOCKER_CONFIG'] ?? '', 'cli-plugins/docker-compose')
  return call(['sh', '-c', `ls -d */docker-compose.yml | xargs -P 4 -n 1 -I F ${plugin} -f F up --detach`], peers)
}

/** Removes the containers of both, and what we made besides. */
export async function removeTwins(ground: Ground, { ids, peerIds, instance, peers }: Twins): Promise<void> {
  const { call, folder } = ground
  await removeContainers(ground, [...ids.map((id) => `stack-${id}`), ...peerIds])
  const id = (await readFile(join(instance, '.stack/instance-id'), 'utf8').catch(() => '')).trim()
  if (id === '') return
  const networks = await call(['docker', 'network', 'ls', '--quiet', '--filter', `label=stack.instance=${id}`], folder)
  // Somebody else may have joined it since.
  for (const network of networks.split('\n').filter(Boolean)) {
    await call(['docker', 'network', 'rm', network], peers).catch(() => '')
  }
}

/** Those of them that are there. */
export async function removeContainers({ call, folder }: Ground, names: readonly string[]): Promise<void> {
  const there = (await call(['docker', 'ps', '--all', '--format', '{{.Names}}'], folder)).split('\n')
  const gone = there.filter((name) => names.includes(name))
  if (gone.length > 0) await call(['docker', 'rm', '--force', '--volumes', ...gone], folder)
}
