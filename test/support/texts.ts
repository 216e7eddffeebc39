import { type HostIntent, projectNameOf, type ServiceIntent, type StackletIntent } from './intent.ts'

export type Texts = Readonly<Record<string, string>>

/** What a person would have written and committed for this, by path. */
export function textsOf(intent: HostIntent): Texts {
  const there = intent.stacklets.filter((one) => one.hasDirectory)
  const stacklets = there.flatMap((one) => Object.entries(stackletTexts(one)))
  const settings = intent.domain === '' ? {} : { 'stack.toml': `[core]\ndomain = "${intent.domain}"\n` }
  return { 'desired/desired.toml': desiredToml(intent), ...settings, ...Object.fromEntries(stacklets) }
}

function desiredToml({ stacklets, prune, maxRemovals, selfHeal, onFailure, concurrency }: HostIntent): string {
  const pace = ['[reconcile]', `prune = "${prune}"`, `max_removals = ${maxRemovals}`, `concurrency = ${concurrency}`]
  const listed = stacklets.filter((one) => one.state !== 'unlisted')
  const policies = onFailure === 'keep' ? ['on_failure = "keep"'] : []
  return lines([...pace, ...policies, ...(selfHeal ? [] : ['self_heal = false']), ...listed.flatMap(entryLines)])
}

function entryLines({ id, state, override }: StackletIntent): readonly string[] {
  const env = Object.entries(override).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return ['', `[stacklets.${id}]`, `state = "${state}"`, ...(env.length === 0 ? [] : [`[stacklets.${id}.env]`, ...env])]
}

/** One directory under stacklets/. */
function stackletTexts(intent: StackletIntent): Texts {
  const inside = {
    'stacklet.toml': intent.manifest ?? manifestToml(intent),
    ...(Object.keys(intent.services).length === 0 ? {} : { 'docker-compose.yml': composeYaml(intent) }),
    ...(intent.route === 'snippet' ? { 'caddy.snippet': `${intent.id}.{$STACK_DOMAIN}\n` } : {}),
    ...intent.files,
  }
  return Object.fromEntries(Object.entries(inside).map(([path, text]) => [`stacklets/${intent.id}/${path}`, text]))
}

function manifestToml({
  id,
  requires,
  generate,
  env,
  alwaysOn,
  isProbed,
  programs,
  services,
  route,
  startsFirst,
}: StackletIntent): string {
  const defaults = Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return lines([
    `id = "${id}"`,
    ...(requires.length > 0 ? [`requires = ${JSON.stringify(requires)}`] : []),
    ...(alwaysOn ? ['always_on = true'] : []),
    ...(startsFirst ? ['update_order = "start-first"'] : []),
    ...(Object.keys(programs).length > 0 ? ['type = "host"'] : []),
    ...(route === 'declared' ? ['[route]', 'port = 80', ...('web' in services ? ['service = "web"'] : [])] : []),
    ...(isProbed ? ['[health]', `url = "http://${id}.test/health"`] : []),
    ...(generate.length > 0 ? ['[env]', `generate = ${JSON.stringify(generate)}`] : []),
    ...(defaults.length > 0 ? ['[env.defaults]', ...defaults] : []),
    ...Object.entries(programs).flatMap(([name, program]) => programLines(id, name, program.isProbed)),
  ])
}

function programLines(id: string, name: string, isProbed: boolean): readonly string[] {
  const check = isProbed ? [`check_url = "http://${name}.${id}.test/"`] : []
  return [`[services.${name}]`, ...check, `start = "begin ${name}"`, `stop = "end ${name}"`]
}

/** JSON is YAML too. */
function composeYaml(intent: StackletIntent): string {
  const services = Object.entries(intent.services).map(([name, service]) => [name, composeService(service)] as const)
  const name = intent.project === null ? {} : { name: projectNameOf(intent) }
  return `${JSON.stringify(
    { ...name, services: Object.fromEntries(services), networks: { stack: { external: true } } },
    null,
    1,
  )}\n`
}

function composeService(service: ServiceIntent): Readonly<Record<string, unknown>> {
  const { image, build, replicas, port, mounts, containerName, hasHealthcheck, restart } = service
  return {
    ...(build === null ? { image } : { build: `./${build}` }),
    ...(containerName === null ? {} : { container_name: containerName }),
    ...(port === null ? {} : { ports: [`${port}:80`] }),
    ...(mounts.length > 0 ? { volumes: mounts.map((path) => `./${path}:/${path}:ro`) } : {}),
    ...(hasHealthcheck ? { healthcheck: { test: ['CMD', 'true'] } } : {}),
    ...(replicas === 1 ? {} : { scale: replicas }),
    restart,
    env_file: '.env',
    networks: ['stack'],
  }
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}
