import { expect } from 'vitest'
import { freePort, uniqueName } from '../../engine/ports.ts'
import { type Answer, type Instance, type InstanceOptions, makeInstance } from './instance.ts'

export interface Updatable extends Instance {
  readonly id: string
  readonly port: number
  /** What its web server says now. */
  readonly says: () => Promise<string>
  /** `image state` of its container. */
  readonly runs: () => Promise<string>
  /** `stack update --json`, and the first image that it tells of. */
  readonly update: (...words: string[]) => Promise<Answer & { readonly image: Record<string, string | null> }>
}

interface UpdatableOptions extends InstanceOptions {
  readonly image: string
  /** Lines of `[stacklets.<id>.update]`. */
  readonly update: string
  /** Lines added to stack.toml. */
  readonly settings?: string
  /** Lines added to the service. */
  readonly service?: string
  readonly manifest?: string
  /** Called with the data folder before anything runs. */
  readonly onData?: (folder: string) => Promise<void>
  /** Lines of `volumes:` of the Compose file. */
  readonly volumes?: string
}

/** The files of a stacklet whose one service is a web server of this image. */
export function updatableFiles(
  id: string,
  port: number,
  { image, update, service = '', manifest = '', volumes }: UpdatableOptions,
) {
  return {
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\nport = ${port}\n${manifest}`,
    [`stacklets/${id}/docker-compose.yml`]: `services:
  web:
    image: ${image}
    container_name: stack-${id}
    ports: ["127.0.0.1:${port}:80"]
    restart: unless-stopped
    stop_grace_period: 1s
    networks: [stack]
${service}networks:
  stack: { external: true }
${volumes === undefined ? '' : `volumes:\n${volumes}`}`,
    'desired/desired.toml': `[stacklets.${id}]\n[stacklets.${id}.update]\n${update}\n`,
  }
}

/** An instance with one such stacklet, committed and running. */
export async function updatable(options: UpdatableOptions): Promise<Updatable> {
  const id = uniqueName('web')
  const port = await freePort()
  const host = await makeInstance(updatableFiles(id, port, options), options)
  if (options.settings !== undefined) await host.write('stack.toml', (await host.read('stack.toml')) + options.settings)
  await options.onData?.(`${host.folder}/data`)
  await host.commit('first')
  const run = await host.stack('reconcile')
  expect(run, run.stderr).toMatchObject({ code: 0 })
  return {
    ...host,
    id,
    port,
    says: async () => (await (await fetch(`http://127.0.0.1:${port}`)).text()).trim(),
    runs: () => host.docker(['inspect', '--format', '{{.Config.Image}} {{.State.Status}}', `stack-${id}`]),
    async update(...words) {
      const answer = await host.stack('update', '--json', ...words)
      const { json } = answer
      return { ...answer, json, image: json.images[0] }
    },
  }
}
