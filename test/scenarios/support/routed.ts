import { readFile } from 'node:fs/promises'
import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { freePort, uniqueName } from '../../engine/ports.ts'
import { testEngine } from '../../engine/test-engine.ts'
import { type Instance, type InstanceOptions, makeInstance } from './instance.ts'

/** An instance in domain mode, with the shipped core and ports that nobody else has. */
export interface Routed extends Instance {
  readonly http: number
  readonly https: number
  /** The name of Caddy's container. */
  readonly caddy: string
  /** What begins the names of this instance's other containers. */
  readonly prefix: string
  readonly visit: (url: string, ca?: string) => Promise<Page>
  /** Writes stack.toml with this domain. */
  readonly inDomain: (domain: string, more?: string) => Promise<void>
}

export interface Page {
  readonly status: number
  readonly body: string
  readonly location: string | undefined
}

export async function makeRouted(
  files: Readonly<Record<string, string>>,
  options: InstanceOptions = {},
): Promise<Routed> {
  const [http, https, prefix] = [await freePort(), await freePort(), uniqueName('r')]
  const shipped = (name: string) => readFile(new URL(`../../../stacklets/core/${name}`, import.meta.url), 'utf8')
  const caddy = `${prefix}-caddy`
  const instance = await makeInstance(
    {
      'stacklets/core/stacklet.toml': await shipped('stacklet.toml'),
      'stacklets/core/docker-compose.yml': (await shipped('docker-compose.yml'))
        .replace('name: stack-core', `name: ${prefix}-core`)
        .replaceAll('stack-core-caddy', caddy),
      ...files,
    },
    options,
  )
  const inDomain = (domain: string, more = '') =>
    instance.write(
      'stack.toml',
      `[core]\ndata_dir = "${instance.folder}/data"\ndomain = "${domain}"\n${more}[caddy]\nhttp_port = ${http}\nhttps_port = ${https}\n`,
    )
  await inDomain('home.internal')
  return { ...instance, http, https, caddy, prefix, inDomain, visit: (url, ca) => visit(url, { http, https }, ca) }
}

/** `desired.toml` that lists core and these, each as given. */
export function desiredOf(stacklets: Readonly<Record<string, string>>): string {
  const { caddy } = testEngine().images
  const core = `[stacklets.core]\n[stacklets.core.env]\nCADDY_IMAGE = "${caddy}"\n`
  return (
    core +
    Object.entries(stacklets)
      .map(([id, rest]) => `[stacklets.${id}]\n${rest}\n`)
      .join('')
  )
}

/** A web server that says its own id, as a project and under a name of its own on the shared network: tests that run beside it have such ids, too. */
export function site(
  id: string,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const { busybox } = testEngine().images
  const says = `mkdir -p /www/deep && echo ${id} at home > /www/index.html && echo ${id} deeper > /www/deep/index.html && exec httpd -f -p 80 -h /www`
  const service = { container_name: name, image: busybox, init: true, command: ['sh', '-c', says], networks: ['stack'] }
  const compose = { name, services: { web: service }, networks: { stack: { external: true } } }
  const all = { 'stacklet.toml': `id = "${id}"\n`, 'docker-compose.yml': JSON.stringify(compose), ...more }
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`stacklets/${id}/${file}`, text]))
}

/** Asks Caddy as a browser would whose name server knows every name. With `ca`, its certificate must be right. */
async function visit(url: string, ports: { http: number; https: number }, ca?: string): Promise<Page> {
  const { protocol, hostname, pathname } = new URL(url)
  const words = { host: '127.0.0.1', path: pathname, headers: { Host: hostname }, agent: false as const }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked =
      protocol === 'https:'
        ? getSecure({ ...words, port: ports.https, servername: hostname, ...(ca === undefined ? {} : { ca }) }, resolve)
        : getPlain({ ...words, port: ports.http }, resolve)
    asked.on('error', reject)
  })
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode ?? 0, body: body.trim(), location: response.headers.location }
}
