import { usualTls } from '../lib/usual-tls.ts'
import type { Secret } from '../model/secret.ts'
import type { Settings, User } from '../model/settings.ts'
import type { Stacklet } from '../model/stacklet.ts'
import { frontOf, siteUrl } from './front.ts'
import type { Named } from './template.ts'

/** What a name between braces stands for. */
export interface Variable {
  readonly text: string
  readonly isSecret: boolean
  /** The full name of the secret that has no value yet and left this one empty; null where nothing is missing. */
  readonly missing: string | null
}

/** What all names stand for. A host has thousands, which are never copied. */
export type Variables = Named<Variable>

export interface VariableFacts {
  readonly settings: Settings
  readonly users: readonly User[]
  /** Every stacklet there is, declared or not. */
  readonly stacklets: readonly Stacklet[]
  readonly secrets: Readonly<Record<string, Secret>>
  /** How other machines reach this host. */
  readonly address: string
  /** Where the instance keeps its own state, absolute. */
  readonly stateDir?: string
  /** Who this program runs as: `1000:1000`. */
  readonly owner?: string
  /** A setting for the network of a program that reopens its sockets: `net.ipv4.tcp_migrate_req=1`. */
  readonly listenSysctl?: string
}

/** Names that every stacklet of this host can use. Where two sources give one name, the documented meaning wins. */
export function hostVariables(facts: VariableFacts): Variables {
  const { settings, address } = facts
  return new Map([
    ...tableVariables(settings),
    ...facts.stacklets.flatMap((stacklet) => urlVariables(stacklet, settings, address)),
    ...Object.entries(facts.secrets).map(([name, secret]) => [name, hidden(secret.reveal())] as const),
    ...generatedVariables(facts),
    ...coreVariables(settings),
    ...adminVariables(facts),
    ...aiVariables(facts),
    ['messages_server_name', open(setting(settings, 'messages', 'server_name') ?? '')],
    ['ip', open(address)],
    ['state_dir', open(facts.stateDir ?? '')],
    ['owner', open(facts.owner ?? '')],
    ['listen_sysctl', open(facts.listenSysctl ?? '')],
    ['http_port', open(String(settings.caddy.httpPort))],
    ['https_port', open(String(settings.caddy.httpsPort))],
  ])
}

/** The host's names and those that mean something else in every stacklet: its id and its own address. */
export function stackletVariables(host: Variables, { id }: Pick<Stacklet, 'id'>, url: string | null): Variables {
  return withVariables(host, { stacklet_id: open(id), url: open(url ?? '') })
}

/** These names over all others. */
export function withVariables(others: Variables, named: Readonly<Record<string, Variable>>): Variables {
  const own = new Map(Object.entries(named))
  return {
    get: (name) => own.get(name) ?? others.get(name),
    keys: () => new Set([...others.keys(), ...own.keys()]),
  }
}

/** Where a person reaches a stacklet; null without a port. */
export function urlOf(stacklet: Pick<Stacklet, 'id' | 'port'>, settings: Settings, address: string): string | null {
  return stacklet.port === null ? null : urlAt(stacklet.id, stacklet.port, settings, address)
}

function urlAt(id: string, port: number, settings: Settings, address: string): string {
  const front = frontOf(settings, null)
  if (front !== null) {
    const host = `${id.replaceAll('_', '-')}.${settings.core.domain}`
    return siteUrl({ host, path: '', tls: usualTls(host) }, front)
  }
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

function urlVariables(
  stacklet: Stacklet,
  settings: Settings,
  address: string,
): readonly (readonly [string, Variable])[] {
  const named = Object.entries(stacklet.ports).map(([name, port]): [string, string] => [
    `${stacklet.id}_${name}_url`,
    urlAt(stacklet.id, port, settings, address),
  ])
  const all: [string, string][] = [...named, [`${stacklet.id}_url`, urlOf(stacklet, settings, address) ?? '']]
  return all.flatMap(([name, url]) => [
    [name.replaceAll('-', '_'), open(url)],
    [name, open(url)],
  ])
}

/** What will be generated is a name already: empty until it is made, and found under the shared name too. */
function generatedVariables({ stacklets, secrets }: VariableFacts): readonly (readonly [string, Variable])[] {
  return stacklets.flatMap((stacklet) =>
    stacklet.env.generate.map((name) => {
      const { text } = secretVariable(secrets, stacklet.id, name)
      return [`${stacklet.id}__${name}`, hidden(text)] as const
    }),
  )
}

/** A stacklet's own secret, else the one shared under `global__`; an empty one counts as absent. */
export function secretVariable(secrets: Readonly<Record<string, Secret>>, id: string, name: string): Variable {
  const fullName = `${id}__${name}`
  const text = textOf(secrets, fullName) || textOf(secrets, `global__${name}`)
  return { text, isSecret: true, missing: text === '' ? fullName : null }
}

function coreVariables(settings: Settings): readonly (readonly [string, Variable])[] {
  const { core } = settings
  return [
    ['data_dir', open(core.dataDir)],
    ['domain', open(core.domain)],
    ['timezone', open(core.timezone)],
    ['language', open(core.language || setting(settings, 'ai', 'language') || 'en')],
  ]
}

/** Who stacklets make their administrator. The password is a secret of its own. */
export const techAdmin = { name: 'stackadmin', email: 'stackadmin@home.local' } as const

function adminVariables({ users, secrets }: VariableFacts): readonly (readonly [string, Variable])[] {
  const admins = users.filter((user) => user.role === 'admin')
  return [
    ['admin_username', open(techAdmin.name)],
    ['admin_email', open(techAdmin.email)],
    ['admin_password', secretVariable(secrets, 'global', 'ADMIN_PASSWORD')],
    ['admin_user_ids', open(admins.map((user) => user.id).join(','))],
  ]
}

function aiVariables({ settings, secrets }: VariableFacts): readonly (readonly [string, Variable])[] {
  const ai = (key: string) => setting(settings, 'ai', key)
  const openaiUrl = ai('openai_url') ?? 'http://localhost:8000/v1'
  const whisperUrl = ai('whisper_url') ?? 'http://localhost:42062/v1'
  const key = textOf(secrets, 'global__AI_API_KEY') || textOf(secrets, 'ai__AI_API_KEY') || ai('openai_key') || ''
  const model = ai('default') ?? ''
  return [
    ['ai_openai_url', open(openaiUrl)],
    ['ai_openai_url_docker', open(fromInsideContainer(openaiUrl))],
    ['ai_openai_key', hidden(key)],
    ['ai_whisper_url', open(whisperUrl)],
    ['ai_whisper_url_docker', open(fromInsideContainer(whisperUrl))],
    ['ai_language', open(ai('language') || settings.core.language || 'en')],
    ['ai_tts_voice', open(ai('language')?.startsWith('de') ? 'onyx' : 'alloy')],
    ['ai_default_model', open(model)],
    ['ai_default_model_short', open(model.split('/').at(-1) ?? '')],
    ['ai_models_json', open('')],
  ]
}

function fromInsideContainer(url: string): string {
  return url.replace('://localhost', '://host.docker.internal')
}

const ownTables: readonly string[] = ['core', 'updates', 'git', 'host', 'hooks', 'caddy', 'ports']

/** `{ai_provider}` for `provider` in `[ai]`, and so on for every plain value of every table that is not ours. */
function tableVariables({ tables }: Settings): readonly (readonly [string, Variable])[] {
  const extra = Object.entries(tables).filter(([table]) => !ownTables.includes(table))
  return extra.flatMap(([table, values]) =>
    Object.entries(values).flatMap(([key, value]) => {
      const text = scalarText(value)
      return text === null ? [] : [[`${table}_${key}`, open(text)] as const]
    }),
  )
}

function setting({ tables }: Settings, table: string, key: string): string | null {
  return scalarText(tables[table]?.[key])
}

function scalarText(value: unknown): string | null {
  if (value instanceof Date) return value.toISOString()
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : null
}

function textOf(secrets: Readonly<Record<string, Secret>>, name: string): string {
  return Object.hasOwn(secrets, name) ? (secrets[name]?.reveal() ?? '') : ''
}

function open(text: string): Variable {
  return { text, isSecret: false, missing: null }
}

function hidden(text: string): Variable {
  return { text, isSecret: true, missing: null }
}
