import type { Problem } from '../../model/problem.ts'
import { isTable } from '../toml-source.ts'
import { type Convention, type ConventionFacts, departure } from './convention.ts'

/** Who may reach a port is one decision for the whole host: PORT_BIND_IP carries it. Visitors of names come from everywhere. */
export const checkPorts: Convention = ({ key, table }, facts) =>
  entriesOf(table['ports']).flatMap((entry, index) => {
    const { stacklet, source, filledIn } = facts
    if (stacklet.proxy) return []
    const at = source.at(['services', key, 'ports', index])
    const published = publishedBy(entry)
    if (published === null) return []
    const problems: Problem[] = []
    if (!published.address.includes('PORT_BIND_IP')) {
      const message = `${key} publishes ${published.port} without PORT_BIND_IP, which says who may reach it`
      const hint = `write "\${PORT_BIND_IP:-127.0.0.1}:${published.port}:${published.target}"`
      problems.push(departure('port-binding', { message, hint }, at, stacklet.id))
    }
    const port = filledIn(published.port)
    if (!isDeclared(port, stacklet)) {
      const message = `${key} publishes ${port}, which is neither port nor one of [ports] in stacklet.toml`
      const hint = stacklet.port === null ? `write port = ${port} into stacklet.toml` : hintForNamed(port)
      problems.push(departure('port-binding', { message, hint }, at, stacklet.id))
    }
    return problems
  })

/** A stacklet's address is made from its declared port, so something has to answer there. */
export function checkDeclaredPort({ stacklet, source, filledIn }: ConventionFacts): readonly Problem[] {
  const { port, kind } = stacklet
  if (port === null || kind === 'host') return []
  const all = source.services.flatMap(({ table }) => entriesOf(table['ports'])).map(publishedBy)
  if (all.some((one) => one !== null && holds(filledIn(one.port), port))) return []
  const message = `stacklet.toml says port = ${port}, and no service publishes it`
  const hint = `publish it: "\${PORT_BIND_IP:-127.0.0.1}:${port}:…", or take port out of stacklet.toml`
  return [departure('port-binding', { message, hint }, source.at(['services']), stacklet.id)]
}

function hintForNamed(port: string): string {
  return `add a name for it: [ports] with NAME = ${port} in stacklet.toml`
}

function entriesOf(ports: unknown): readonly unknown[] {
  return Array.isArray(ports) ? ports : []
}

interface Published {
  /** As written, variables and all; empty where none is. */
  readonly address: string
  readonly port: string
  readonly target: string
}

/** Null for what publishes no port of its own choice. */
function publishedBy(entry: unknown): Published | null {
  if (isTable(entry)) {
    const { published, host_ip: address = '', target = '' } = entry
    return published === undefined
      ? null
      : { address: String(address), port: String(published), target: String(target) }
  }
  const parts = splitOutsideBraces(String(entry).replace(/\/(?:tcp|udp|sctp)$/, ''))
  const [target = '', port, ...address] = parts.reverse()
  return port === undefined || port === '' ? null : { address: address.reverse().join(':'), port, target }
}

/** `${A:-b}:1:2` has three parts: a colon between braces, or in an IPv6 address between brackets, parts nothing. */
function splitOutsideBraces(text: string): string[] {
  return (text.match(/(?:\$\{(?:\$\{[^}]*\}|[^}])*\}|\[[^\]]*\]|[^:])+|(?<=:|^)(?=:)/g) ?? []).slice()
}

function isDeclared(port: string, { port: main, ports }: ConventionFacts['stacklet']): boolean {
  return [main, ...Object.values(ports)].some((declared) => declared !== null && holds(port, declared))
}

/** `8000-8010` holds eleven ports. */
function holds(text: string, port: number): boolean {
  const [from = Number.NaN, to = from] = text.split('-').map(Number)
  return from <= port && port <= to
}
