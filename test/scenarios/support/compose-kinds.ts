import type { TestImages } from '../../engine/images.ts'
import { freePort, uniqueName } from '../../engine/ports.ts'
import { desiredRunning } from './stacklets.ts'

type Files = Readonly<Record<string, string>>

/** A way to write a Compose file. */
export interface ComposeKind {
  readonly name: string
  readonly id: string
  /**
   * By path in the stacklet's directory. `WEB` stands for an image that serves, `SICK` for one whose check fails, `BOX` for one that
   * does as told, all kept up, and `IMAGE` for that alone; `PORT` for two free ports in a row, `NET` and `SIX` for nobody else's addresses.
   */
  readonly files: Files
  /** Containers it comes to, by state. */
  readonly states: readonly string[]
}

const one = ['running']
const two = ['running', 'running']
const three = ['running', 'running', 'running']

/** Every kind anew, under names of its own. */
export function composeKinds(): readonly ComposeKind[] {
  return [
    kind('several of one service', 'web: { WEB, deploy: { replicas: 2 } }', two),
    kind('scale', 'web: { WEB, scale: 2 }', two),
    kind(
      'one that shares the network of another, one its processes, one its memory',
      `a: { WEB, ipc: shareable }
  net: { BOX, command: sleep 999, network_mode: "service:a" }
  pid: { BOX, command: sleep 999, network_mode: none, pid: "service:a", ipc: "service:a" }`,
      three,
    ),
    kind(
      'a job before the server',
      `job: { image: IMAGE, command: "true" }
  web: { WEB, depends_on: { job: { condition: service_completed_successfully } } }`,
      ['exited', 'running'],
    ),
    kind(
      'one that waits until another is well, and restarts with it',
      `db: { WEB, healthcheck: { test: [CMD, "true"], interval: 1s, timeout: 1s, retries: 3, start_period: 1s } }
  web: { WEB, depends_on: { db: { condition: service_healthy, restart: true } }, links: ["db:data"] }`,
      two,
    ),
    kind('extends', 'base: { WEB, labels: { a: b } }\n  web: { extends: base, environment: { A: "1" } }', two),
    kind('a profile that is not chosen', 'web: { WEB }\n  extra: { WEB, profiles: [debug] }', one),
    kind(
      'labels and environment as lists, with dollars',
      `web: { WEB, labels: ["a=b", "rule=Host($$x)", bare], environment: ["A=1", "B=x=y", "C=$$5", EMPTY=] }`,
      one,
    ),
    kind(
      'ports: a range, one over UDP, one in long form, one that the engine chooses',
      `web: { WEB, expose: [81], ports: ["127.0.0.1:PORT-PORT1:80-81", "127.0.0.1:PORT:53/udp", { target: 82, host_ip: 127.0.0.1 }, "83"] }`,
      one,
    ),
    kind(
      'an anonymous volume and tmpfs of three forms',
      `web: { WEB, read_only: true, volumes: [/data, { type: tmpfs, target: /cache, tmpfs: { size: 1m, mode: 01777 } }], tmpfs: [/run, "/tmp:size=1m,mode=1777"] }`,
      one,
    ),
    kind(
      'volumes: named, with options, and taken from another',
      `a: { WEB, volumes: ["kept:/kept", { type: volume, source: ram, target: /ram, read_only: true, volume: { nocopy: true } }] }
  b: { WEB, volumes_from: [a] }
  c: { WEB, volumes_from: ["a:ro"] }
volumes: { kept: { labels: { a: b } }, ram: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=1m" } } }`,
      three,
    ),
    kind(
      'binds: short, long, read only, of what is not there yet',
      `web: { WEB, volumes: ["./site:/site:ro", { type: bind, source: ./site/page, target: /page, bind: { propagation: private } }, "./new:/new"] }`,
      one,
      { 'site/page': 'x' },
    ),
    kind(
      'networks of its own: an address, aliases, an internal one, one over IPv6',
      `web: { WEB, mac_address: "02:42:c6:12:64:02", networks: { own: { ipv4_address: NET.2, aliases: [www, api] }, inside: {}, six: { ipv6_address: "SIX::2" }, default: { priority: 9 } } }
networks:
  own: { ipam: { driver: default, config: [{ subnet: NET.0/28, gateway: NET.1 }] } }
  inside: { internal: true, attachable: true, labels: { a: b }, driver_opts: { com.docker.network.bridge.enable_icc: "false" } }
  six: { enable_ipv6: true, ipam: { config: [{ subnet: NET.16/28 }, { subnet: "SIX::/64" }] } }`,
      one,
    ),
    kind(
      'no network, and the network of the host',
      'none: { WEB, network_mode: none }\n  host: { BOX, command: sleep 999, network_mode: host, uts: host }',
      two,
    ),
    kind(
      'limits',
      `web: { WEB, mem_limit: 64m, memswap_limit: 96m, mem_reservation: 32m, cpus: 0.5, cpu_shares: 512, cpuset: "0", pids_limit: 50, oom_score_adj: 100 }
  deployed: { WEB, deploy: { resources: { limits: { cpus: "0.25", memory: 32M, pids: 40 }, reservations: { memory: 16M } } } }
  ulimits: { WEB, ulimits: { nofile: 1024, core: 0, nproc: { soft: 0, hard: 10 } }, shm_size: 16m, mem_limit: 64m }`,
      three,
    ),
    kind(
      'rights: capabilities, sysctls, devices, a user with groups',
      `web: { WEB, cap_drop: [ALL], cap_add: [NET_BIND_SERVICE, CAP_CHOWN], sysctls: { net.ipv4.ip_unprivileged_port_start: 0 }, security_opt: ["no-new-privileges:true"], devices: ["/dev/zero:/dev/nought", "/dev/null"] }
  user: { BOX, command: sleep 999, user: "65534:65534", group_add: ["1000", "5"], sysctls: ["net.core.somaxconn=100"] }`,
      two,
    ),
    kind(
      'names: a host name, a domain, extra hosts, name servers',
      `web: { BOX, command: sleep 999, hostname: h, domainname: example.org, extra_hosts: ["x:127.0.0.1", "up:host-gateway"], dns: [192.0.2.2, 192.0.2.1], dns_search: [example.org], dns_opt: ["ndots:2"] }
  hosts: { WEB, extra_hosts: { y: 127.0.0.1 }, dns: 192.0.2.1 }`,
      two,
    ),
    kind('a container name of its own', 'web: { WEB, container_name: "ID-own" }', one),
    kind(
      'commands: a string, a list, an entry point, a directory, a terminal',
      `string: { BOX, command: "sh -c 'exec sleep $$((900 + 99))'", working_dir: /tmp }
  list: { BOX, entrypoint: [sh, -c], command: ["exec sleep 999"], stdin_open: true, tty: true }
  entry: { BOX, entrypoint: sleep 999 }`,
      three,
    ),
    kind(
      'stopping: a signal and a grace; on-failure with a count',
      `web: { image: IMAGE, command: sleep 999, init: true, restart: "on-failure:3", stop_signal: SIGINT, stop_grace_period: 1m30s }
  term: { BOX, command: sleep 999, stop_signal: SIGTERM, stop_grace_period: 10s }`,
      two,
    ),
    kind(
      'logging of three kinds',
      `file: { WEB, logging: { driver: json-file, options: { max-size: 1m, max-file: "2" } } }
  local: { WEB, logging: { driver: local } }
  none: { WEB, logging: { driver: none } }`,
      three,
    ),
    kind(
      'a health check that the image has and the file turns off',
      'web: { SICK, healthcheck: { disable: true } }',
      one,
    ),
    kind('a built image', 'web: { build: ., command: sleep 999, init: true, restart: always }', one, {
      Dockerfile: 'FROM IMAGE\nRUN echo built > /built\nHEALTHCHECK NONE\nVOLUME /made\n',
    }),
    kind(
      'files, text and a variable as secrets and configs',
      `web: { WEB, secrets: [s, { source: v, target: other, mode: 0440 }], configs: [c, { source: t, target: /etc/text }] }
secrets: { s: { file: ./s.txt }, v: { environment: GIVEN } }
configs: { c: { file: ./c.txt }, t: { content: "text of $\${GIVEN}" } }`,
      one,
      { 's.txt': 'x', 'c.txt': 'y', 'stacklet.toml': '[env.defaults]\nGIVEN = "given"\n' },
    ),
    kind(
      'an env_file of its own, and one that may lack',
      'web: { WEB, env_file: [.env, own.env, { path: none.env, required: false }] }',
      one,
      { 'own.env': 'A=1\n' },
    ),
    kind('an include', 'web: { WEB }\ninclude: [more.yml]', two, { 'more.yml': 'services:\n  more: { WEB }\n' }),
    kind(
      'an old version line, an anchor and an extension',
      `base: &base { WEB, environment: &shared { A: "$$5" } }
  web: { <<: *base, environment: { <<: *shared, B: "\${UNSET:-x}" } }
version: "3.8"
x-note: { A: b }`,
      two,
    ),
  ]
}

/** What an instance with all of them consists of. */
export async function filesOf(kinds: readonly ComposeKind[], images: TestImages): Promise<Files> {
  const port = await freePort()
  const stacklets = kinds.flatMap(({ id, files }) =>
    Object.entries({ 'stacklet.toml': '', ...files }).map(([path, text]) => [
      `stacklets/${id}/${path}`,
      filled(text.replaceAll('ID', id), port, images),
    ]),
  )
  return { ...Object.fromEntries(stacklets), ...desiredRunning(...kinds.map(({ id }) => id)) }
}

function kind(name: string, services: string, states: readonly string[], more: Files = {}): ComposeKind {
  return {
    name,
    id: uniqueName('kind'),
    files: { 'docker-compose.yml': `services:\n  ${services}\n`, ...more },
    states,
  }
}

function filled(text: string, port: number, { web, busybox, unhealthy }: TestImages): string {
  const keptUp = 'restart: unless-stopped'
  return text
    .replaceAll('WEB', `image: ${web}, ${keptUp}`)
    .replaceAll('SICK', `image: ${unhealthy}, ${keptUp}`)
    .replaceAll('BOX', `image: ${busybox}, init: true, ${keptUp}`)
    .replaceAll('IMAGE', busybox)
    .replaceAll('NET.', `198.${18 + (port % 2)}.${port % 251}.`)
    .replaceAll('SIX:', `fd00:${port.toString(16)}:`)
    .replaceAll('PORT1', String(port + 1))
    .replaceAll('PORT', String(port))
}
