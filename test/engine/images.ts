import { createHash } from 'node:crypto'

import { run } from '../../reconciler/adapters/process/run.ts'

/** The images every test may use. They are there before the first test starts. */
export interface TestImages {
  /** sh, httpd, nc, wget, sleep. Process 1 ignores SIGTERM: give services `init: true` or `stop_grace_period: 0s`. */
  readonly busybox: string
  /** In the registry. Serves `/` on port 80, and says `web 1`. Stops at once. */
  readonly web: string
  /** Caddy, from Debian's package. */
  readonly caddy: string
  /** Its command exits 1. */
  readonly exits: string
  /** Runs, and its health check fails. */
  readonly unhealthy: string
}

export type Docker = (words: readonly string[], input?: string) => Promise<string>

/** A docker client for tests: answers stdout without its last newline, throws what docker said when it fails. */
export function dockerClient(env: NodeJS.ProcessEnv): Docker {
  return async (words, input) => {
    const ran = await run(['docker', ...words], { env, input })
    if (ran.exitCode !== 0)
      throw new Error(`docker ${words.join(' ')} exited ${ran.exitCode}: ${ran.stderr || ran.stdout}`)
    return ran.stdout.replace(/\n$/, '')
  }
}

export async function makeImages(
  docker: Docker,
  { busybox, caddy }: Pick<TestImages, 'busybox' | 'caddy'>,
  registry: string,
): Promise<TestImages> {
  const images = {
    busybox,
    caddy,
    web: `${registry}/web:1`,
    exits: 'stackloop-test/exits:1',
    unhealthy: 'stackloop-test/unhealthy:1',
  }
  await buildImage(docker, images.web, webImage(busybox, 'web 1'))
  await docker(['push', '--quiet', images.web])
  await buildImage(docker, images.exits, `FROM ${busybox}\nCMD ["sh", "-c", "echo giving up >&2; exit 1"]\n`)
  await buildImage(docker, images.unhealthy, unhealthyImage(busybox))
  return images
}

/** A web server that says one line, the way a real one is built. Build it again with another line, under the same tag, for an update. */
export function webImage(busybox: string, says: string): string {
  return `FROM ${busybox}
RUN mkdir -p /www && printf '%s\\n' '${says}' > /www/index.html
EXPOSE 80
STOPSIGNAL SIGKILL
CMD ["httpd", "-f", "-p", "80", "-h", "/www"]
`
}

export function unhealthyImage(busybox: string): string {
  return `FROM ${busybox}
STOPSIGNAL SIGKILL
HEALTHCHECK --interval=200ms --timeout=1s --retries=2 CMD ["false"]
CMD ["sleep", "86400"]
`
}

/** Builds an image from a Dockerfile without a context, unless the image of that name was built from the very same text. */
export async function buildImage(docker: Docker, image: string, dockerfile: string): Promise<void> {
  const recipe = createHash('sha256').update(dockerfile).digest('hex')
  const format = '{{index .Config.Labels "stackloop-test.recipe"}}'
  const before = await docker(['image', 'inspect', '--format', format, image]).catch(() => '')
  if (before === recipe) return
  await docker(['build', '--quiet', '--label', `stackloop-test.recipe=${recipe}`, '--tag', image, '-'], dockerfile)
}
