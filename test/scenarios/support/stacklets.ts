import { testEngine } from '../../engine/test-engine.ts'

export interface WebStacklet {
  readonly id: string
  readonly port?: number
  readonly requires?: readonly string[]
  /** More lines of the service. */
  readonly service?: string
  /** More lines of stacklet.toml. */
  readonly manifest?: string
  readonly image?: string
  readonly restart?: string
}

/** The files of a stacklet with one small web server, the way a user would write it. */
export function webStacklet({
  id,
  port,
  requires = [],
  service = '',
  manifest = '',
  image,
  restart = 'unless-stopped',
}: WebStacklet): Record<string, string> {
  const { images } = testEngine()
  const ports = port === undefined ? '' : `    ports:\n      - "\${PORT_BIND_IP:-127.0.0.1}:${port}:80"\n`
  return {
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"
name = "${id}"
description = "a page"
version = "0.1.0"
category = "infrastructure"
requires = ${JSON.stringify(requires)}
${port === undefined ? '' : `port = ${port}\n`}${manifest}`,
    [`stacklets/${id}/docker-compose.yml`]: `name: stack-${id}
services:
  stack-${id}:
    container_name: stack-${id}
    image: ${image ?? images.web}
    env_file: .env
    restart: "${restart}"
    networks: [stack]
${ports}${service}
networks:
  stack:
    external: true
`,
  }
}

/** desired.toml with these stacklets running. */
export function desiredRunning(...ids: readonly string[]): Record<string, string> {
  return { 'desired/desired.toml': ids.map((id) => `[stacklets.${id}]\n`).join('\n') }
}

/** A stacklet with two services: `web` serves its folder `site/`, `db` only runs. Their containers are `stack-<id>-web` and `-db`. */
export function pairStacklet(id: string, port: number): Record<string, string> {
  const { images } = testEngine()
  return {
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\nport = ${port}\n`,
    [`stacklets/${id}/site/index.html`]: 'page one\n',
    [`stacklets/${id}/docker-compose.yml`]: `name: stack-${id}
services:
  web:
    container_name: stack-${id}-web
    image: ${images.web}
    environment: { ROLE: web }
    ports: ["\${PORT_BIND_IP:-127.0.0.1}:${port}:80"]
    volumes: ["./site:/www:ro"]
    restart: unless-stopped
    networks: [stack]
  db:
    container_name: stack-${id}-db
    image: ${images.web}
    environment: { ROLE: db }
    restart: unless-stopped
    networks: [stack]
networks:
  stack:
    external: true
`,
  }
}
