import { createServer } from 'node:net'
import type Docker from 'dockerode'

import type { Voice } from './voice.ts'

/** What the shipped example uses, and what has to be told apart where somebody else uses it already. */
export interface Names {
  readonly project: string
  readonly port: number
}

export const shippedNames: Names = { project: 'stack-hello', port: 42100 }

/** The example's own project and port where they are free, else the next ones that are; says so. */
export async function chooseNames(client: Docker, voice: Voice): Promise<Names> {
  const containers = await client.listContainers({ all: true })
  const project = freeProject(containers)
  const port = await freePort(containers)
  if (project !== shippedNames.project)
    voice.line(`A container ${shippedNames.project}-web is here already: the demo's is ${project}-web.`)
  if (port !== shippedNames.port) voice.line(`Port ${shippedNames.port} is taken: the demo's page is at ${port}.`)
  return { project, port }
}

function freeProject(containers: readonly Docker.ContainerInfo[]): string {
  const names = containers.flatMap((container) => container.Names.map((name) => name.slice(1)))
  const projects = containers.map((container) => container.Labels['com.docker.compose.project'])
  let project = shippedNames.project
  for (let number = 2; names.includes(`${project}-web`) || projects.includes(project); number += 1)
    project = `${shippedNames.project}-${number}`
  return project
}

/** An engine in a machine of its own may publish ports that we cannot see taken, and the other way round: both are asked. */
async function freePort(containers: readonly Docker.ContainerInfo[]): Promise<number> {
  const published = new Set(containers.flatMap((container) => container.Ports.map((port) => port.PublicPort)))
  let { port } = shippedNames
  while (published.has(port) || !(await canListen(port))) port += 1
  return port
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
