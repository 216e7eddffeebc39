import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'

/** What an engine holds that was made for one instance, by the label that carries its id. */
export interface OwnThings {
  readonly containers: readonly { readonly id: string; readonly name: string; readonly state: string }[]
  readonly networks: readonly { readonly id: string; readonly name: string }[]
}

export async function ownThings(client: Docker, copy: string): Promise<OwnThings> {
  const instance = await readFile(join(copy, '.stack/instance-id'), 'utf8').catch(() => '')
  if (instance.trim() === '') return { containers: [], networks: [] }
  const label = [`stack.instance=${instance.trim()}`]
  const [containers, networks] = await Promise.all([
    client.listContainers({ all: true, filters: { label } }),
    client.listNetworks({ filters: { label } }),
  ])
  return {
    containers: containers.map(({ Id: id, Names: [name = ''], State: state }) => ({ id, name: name.slice(1), state })),
    networks: networks.map(({ Id: id, Name: name }) => ({ id, name })),
  }
}
