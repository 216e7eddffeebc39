import { onTestFinished } from 'vitest'
import { uniqueName } from '../../engine/ports.ts'
import { testEngine } from '../../engine/test-engine.ts'

/** A repository of its own in the real registry, gone from the engine when the test ends. */
export interface Published {
  /** `127.0.0.1:5000/web-1f3c` */
  readonly repository: string
  /** Builds an image from a Dockerfile and pushes it under these tags; answers its digest. The engine keeps no tag of it. */
  readonly push: (dockerfile: string, ...tags: readonly string[]) => Promise<string>
  /** A web server that says this. */
  readonly pushWeb: (says: string, ...tags: readonly string[]) => Promise<string>
}

/** `registry` may be another address of the same registry, or another one: then `words` say how docker is to be called for it. */
export function published(registry = testEngine().registry, words: readonly string[] = []): Published {
  const { docker, images } = testEngine()
  const repository = `${registry}/${uniqueName('web')}`
  onTestFinished(async () => {
    const ids = await docker(['image', 'ls', '--quiet', '--filter', `reference=${repository}`])
    const unique = [...new Set(ids.split('\n').filter((id) => id !== ''))]
    if (unique.length > 0) await docker(['image', 'rm', '--force', ...unique]).catch(() => '')
  })
  const push: Published['push'] = async (dockerfile, ...tags) => {
    const names = tags.map((tag) => `${repository}:${tag}`)
    const chance = `LABEL test.chance="${Math.random()}"\n`
    await docker(['build', '--quiet', ...names.flatMap((name) => ['--tag', name]), '-'], dockerfile + chance)
    for (const name of names) await docker([...words, 'push', '--quiet', name])
    const digest = await docker(['image', 'inspect', '--format', '{{index .RepoDigests 0}}', names[0] ?? ''])
    await docker(['image', 'rm', '--force', ...names])
    return digest.split('@')[1] ?? ''
  }
  return { repository, push, pushWeb: (says, ...tags) => push(webServer(images.busybox, says), ...tags) }
}

/** Says one line, and stops at once. */
export function webServer(busybox: string, says: string): string {
  return `FROM ${busybox}
RUN mkdir -p /www && printf '%s\\n' '${says}' > /www/index.html
LABEL org.opencontainers.image.version="${says}"
EXPOSE 80
STOPSIGNAL SIGKILL
HEALTHCHECK --interval=200ms --timeout=2s --retries=3 CMD ["true"]
CMD ["httpd", "-f", "-p", "80", "-h", "/www"]
`
}
