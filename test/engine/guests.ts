import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Docker } from './images.ts'

/** What tests share under names of everybody's, in an engine that is not ours. */
interface Shared {
  readonly images: readonly string[]
  readonly networks: readonly string[]
}

const shared = { images: ['busybox:1.36'], networks: ['stack'] } as const satisfies Shared

export interface Guests {
  /** Removes these images and what else was not there before the first of us came. What somebody uses by now stays. */
  leave(images: readonly string[]): Promise<void>
}

/** The first of several runs writes down what was there; the last one out reads it. */
export async function noteGuests(docker: Docker, folder: string, first: boolean): Promise<Guests> {
  const file = join(folder, 'before.json')
  if (first) await writeFile(file, JSON.stringify(await presentNow(docker)))
  return {
    leave: async (images) => {
      const before = JSON.parse(await readFile(file, 'utf8')) as Shared
      const kept = new Set([...before.images, ...before.networks])
      for (const image of [...images, ...shared.images].filter((name) => !kept.has(name)))
        await docker(['image', 'rm', image]).catch(() => '')
      for (const network of shared.networks.filter((name) => !kept.has(name)))
        await docker(['network', 'rm', network]).catch(() => '')
    },
  }
}

async function presentNow(docker: Docker): Promise<Shared> {
  const isThere = (kind: string) => (name: string) =>
    docker([kind, 'inspect', '--format', '{{.Id}}', name]).then(
      () => [name],
      () => [],
    )
  const [images, networks] = await Promise.all([
    Promise.all(shared.images.map(isThere('image'))),
    Promise.all(shared.networks.map(isThere('network'))),
  ])
  return { images: images.flat(), networks: networks.flat() }
}
