import { readFileSync } from 'node:fs'
import type { ContainerInspectInfo } from 'dockerode'
import type { Surroundings } from '../../../reconciler/adapters/docker/fingerprint.ts'

/** What two engines told of one project's services `web` and `beside`, each made there from the same Compose file. */
export const inspected = { '20.10': told('20.10'), '26.1': told('26.1') }

function told(version: string): readonly [ContainerInspectInfo, ContainerInspectInfo] {
  return JSON.parse(readFileSync(new URL(`./inspected/${version}.json`, import.meta.url), 'utf8'))
}

/** What stands around these containers, on a host of two processors. */
export function around(all: readonly ContainerInspectInfo[]): Surroundings {
  const endpoints = all.flatMap((info) => Object.entries(info.NetworkSettings.Networks))
  return {
    peers: new Map(all.map((info) => [info.Id, info.Config.Labels['com.docker.compose.service'] ?? ''])),
    networks: new Map(endpoints.map(([name, { NetworkID }]) => [NetworkID, name])),
    cpus: 2,
  }
}
