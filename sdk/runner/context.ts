import type { HookContext, HttpOptions, Setting } from '../hook-context.ts'
import { askHttp } from './ask-http.ts'
import type { Channel } from './channel.ts'
import { shell, shellLive } from './shell.ts'
import { stackView } from './stack-view.ts'
import type { Told } from './told.ts'

export interface RunningContext {
  readonly ctx: HookContext
  /** Resolves when nothing is under way that the hook did not wait for. */
  settled(): Promise<void>
}

/** `ctx`: plain functions, so that a hook may take it apart. */
export function hookContext(told: Told, channel: Channel): RunningContext {
  const underWay = new Set<Promise<unknown>>()
  const environment = () => ({ ...process.env, ...given(told) })
  function noted<Answer>(act: Promise<Answer>): Promise<Answer> {
    underWay.add(act)
    return act.finally(() => underWay.delete(act))
  }

  function ask<Answer>(method: 'GET' | 'POST' | 'PUT', url: string, options: HttpOptions = {}, body?: unknown) {
    return noted(askHttp({ ...options, method, url, body })) as Promise<Answer>
  }

  const ctx: HookContext = {
    stacklet_id: told.id,
    env: told.env,
    users: told.users,
    stack: stackView(told, channel),
    step: (message) => channel.tell('step', { text: String(message) }),
    warn: (message) => channel.tell('warn', { text: String(message) }),
    secret: secretOf(told, channel) as HookContext['secret'],
    cfg: settingOf(told, channel) as HookContext['cfg'],
    shell: (command) => noted(shell(command, environment())),
    shell_live: (command) => noted(shellLive(command, environment())),
    http_get: (url, options) => ask('GET', url, options),
    http_post: (url, body, options) => ask('POST', url, options, body),
    http_put: (url, body, options) => ask('PUT', url, options, body),
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay)
  }
  return { ctx, settled }
}

function given({ env, withheld }: Told): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.includes(name)))
}

function secretOf({ id: scope }: Told, channel: Channel) {
  return (name: string, value?: string): string | null => {
    if (value === undefined || value === null) return channel.ask('secret', { scope, name }) as string | null
    channel.ask('set-secret', { scope, name, value: String(value) })
    return String(value)
  }
}

type Fallback = { readonly default: Setting }

function settingOf({ id, settings }: Told, channel: Channel) {
  const own: Record<string, unknown> = { ...settings[id] }

  return (key: string, value?: Setting | Fallback | null, fallback: Setting | null = null): unknown => {
    if (isFallback(value)) return read(key) ?? value.default
    if (value !== undefined && value !== null) own[key] = channel.ask('set-setting', { key, value })
    return read(key) ?? fallback
  }

  function read(key: string): unknown {
    return own[key] === '' ? null : (own[key] ?? null)
  }
}

function isFallback(value: unknown): value is Fallback {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'default' in value
}
