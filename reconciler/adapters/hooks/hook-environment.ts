import { delimiter, join } from 'node:path'

import type { StackletId } from '../../model/names.ts'
import type { StackletContext } from '../../ports/hook-host.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface HookPlaces {
  /** Absolute folder of the instance. */
  readonly instance: string
  /** Absolute folder that `stacklets/` and perhaps `lib/` lie in. */
  readonly root: string
  /** Absolute folder of our own Python package. */
  readonly python: string
}

/** What a stacklet's program may see of our own environment: how to find programs, people's language and the engine. */
const passed = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ', 'TERM', 'COLORTERM', 'NO_COLOR', 'CI'],
  ...['LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME'],
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY', 'DOCKER_API_VERSION'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  ...['STACK_DIR', 'STACK_HOST', 'STACK_SETUP_CONFIRMED', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
]

/** Names that decide which programs run and how: a container may have such a variable, its hooks on our host do not get it. */
const decidesWhatRuns = [
  /^(PATH|HOME|SHELL|ENV|IFS|PS4|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|BASH_ENV|BASH_FUNC.*)$/,
  /^(LD|DYLD)_|^PYTHON[A-Z]+$|^NODE_(OPTIONS|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED)$|^PERL5(LIB|OPT)$|^RUBYOPT$/,
  /^GIT_(SSH|SSH_COMMAND|EXEC_PATH|DIR|CONFIG.*)$|^DOCKER_(HOST|CONTEXT|CONFIG|CERT_PATH|TLS_VERIFY|API_VERSION)$/,
  /^STACK_HOOK_MARK$/,
]

export interface HookEnvironment {
  /** The complete environment of the program. */
  readonly process: Readonly<Record<string, string>>
  /** What `ctx.env` holds: everything rendered, and our own names. */
  readonly told: Readonly<Record<string, string>>
  /** Names in `told` that neither the program nor what `ctx.shell` runs gets. */
  readonly withheld: readonly string[]
}

/** The environment of one stacklet's hook. What the stacklet declares wins over our names, as it does in its containers. */
export function hookEnvironment(id: StackletId, context: StackletContext, ours: Environment, places: HookPlaces) {
  const rendered = Object.entries(context.env).map(([name, value]) => [name, value.reveal()] as const)
  const told = { ...ownNames(id, context, places.instance), ...Object.fromEntries(rendered) }
  const withheld = Object.entries(told).flatMap(([name, value]) => (mayPass(name, value) ? [] : [name]))
  const given = Object.fromEntries(Object.entries(told).filter(([name]) => !withheld.includes(name)))
  return { told, withheld, process: { ...inherited(ours), ...given, ...pythonNames(places) } } satisfies HookEnvironment
}

/** A person's own command sees everything that the person has set, and no rendered value. */
export function commandEnvironment(id: StackletId, context: StackletContext, ours: Environment, places: HookPlaces) {
  return { ...defined(ours), ...ownNames(id, context, places.instance), ...pythonNames(places) }
}

function ownNames(id: StackletId, { dataDir, domain }: StackletContext, instance: string): Record<string, string> {
  const names = { DATA_DIR: dataDir, DOMAIN: domain, ID: id, INSTANCE: instance }
  const prefixed = ['STACK', 'FAMSTACK'].flatMap((prefix) =>
    Object.entries(names).map(([name, value]) => [`${prefix}_${name}`, value] as const),
  )
  return Object.fromEntries(prefixed)
}

/** The root's own `lib` first. No compiled modules: beside their sources they would look like edits of the stacklet. */
function pythonNames({ root, python }: HookPlaces): Record<string, string> {
  return {
    PYTHONPATH: [join(root, 'lib'), python].join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  }
}

function inherited(ours: Environment): Record<string, string> {
  const path = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(delimiter)
  return { PATH: path, ...defined(Object.fromEntries(passed.map((name) => [name, ours[name]]))) }
}

function defined(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** The system takes no name with `=` and no text with a null byte, and would quote it when it refuses. */
function mayPass(name: string, value: string): boolean {
  return !decidesWhatRuns.some((names) => names.test(name)) && /^[^=\0]+$/.test(name) && !value.includes('\0')
}
