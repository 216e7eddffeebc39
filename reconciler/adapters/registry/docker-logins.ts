import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { jsonOrNull } from '../../lib/json-or-null.ts'
import { Secret } from '../../model/secret.ts'
import type { Login } from '../../ports/registry.ts'
import { run } from '../process/run.ts'

export interface DockerLoginOptions {
  /** The environment of Docker's own tools: `DOCKER_CONFIG`, `HOME`, `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>
}

const Auth = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
})
const Config = z.object({
  auths: z.record(z.string(), Auth.nullable()).catch({}).default({}),
  credsStore: z.string().optional().catch(undefined),
  credHelpers: z.record(z.string(), z.string()).catch({}).default({}),
})
type Config = z.infer<typeof Config>
const Helped = z.object({ Username: z.string(), Secret: z.string() })

const helperMs = 20_000
const hubKey = 'https://index.docker.io/v1/'

/** What `docker login` left behind, read as docker reads it: the helper of the registry, the store of all, the file itself. */
export async function dockerLogin(
  registry: string,
  { env }: DockerLoginOptions,
  signal: AbortSignal,
): Promise<Login | null> {
  const config = await readConfig(env)
  if (config === null) return null
  const key = registry === 'docker.io' ? hubKey : registry
  const helper = config.credHelpers[key] ?? config.credsStore
  const helped = helper === undefined ? null : await askHelper(helper, key, env, signal)
  return helped ?? loginInFile(key, config)
}

async function readConfig(env: DockerLoginOptions['env']): Promise<Config | null> {
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker')
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return Config.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** A helper is a program that gets the server's name on stdin. One that knows nobody exits 1, and that is no failure. */
async function askHelper(
  name: string,
  key: string,
  env: DockerLoginOptions['env'],
  signal: AbortSignal,
): Promise<Login | null> {
  if (!/^[\w.-]+$/.test(name)) return null
  const argv = [`docker-credential-${name}`, 'get']
  const ran = await run(argv, { env: { ...env }, input: key, signal, timeoutMs: helperMs }).catch(() => null)
  if (ran === null || ran.exitCode !== 0) return null
  const answer = Helped.safeParse(jsonOrNull(ran.stdout)).data
  // A token that only the registry's own tools can exchange is no password.
  if (answer === undefined || answer.Username === '<token>') return null
  return { username: answer.Username, password: new Secret(answer.Secret) }
}

function loginInFile(key: string, { auths }: Config): Login | null {
  const found = Object.entries(auths).find(([name]) => name === key || hostOf(name) === hostOf(key))?.[1]
  if (!found) return null
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(found.auth ?? '', 'base64').toString('utf8')) ?? []
  const [username, secret] = [name ?? found.username, password ?? found.password]
  if (!username || secret === undefined) return null
  return { username, password: new Secret(secret.replace(/\0+$/, '')) }
}

/** Old versions wrote whole addresses: `https://ghcr.io/v2/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0] ?? key
}
