import type { ContainerInfo } from 'dockerode'
import type { FoundProject } from '../../model/found-project.ts'

const label = 'com.docker.compose'

/** Compose projects by what is written on their containers; the containers of `compose run` are none of them. */
export function foundProjects(listed: readonly ContainerInfo[]): readonly FoundProject[] {
  const byName = new Map<string, readonly Labels[]>()
  for (const { Labels: labels } of listed) {
    const name = labels[`${label}.project`]
    if (name === undefined || labels[`${label}.oneoff`] === 'True') continue
    byName.set(name, [...(byName.get(name) ?? []), labels])
  }
  const projects = [...byName].map(([name, labels]) => foundProject(name, labels))
  return projects.sort((one, other) => (one.name < other.name ? -1 : 1))
}

type Labels = Readonly<Record<string, string>>

function foundProject(name: string, containers: readonly Labels[]): FoundProject {
  const said = (key: string) => containers.map((labels) => labels[key]).find((value) => value !== undefined) ?? null
  const services = containers.map((labels) => labels[`${label}.service`] ?? '')
  return {
    name,
    directory: said(`${label}.project.working_dir`),
    files: listIn(said(`${label}.project.config_files`)),
    envFiles: listIn(said(`${label}.project.environment_file`)),
    services: [...new Set(services)].sort(),
    profiles: [],
    instance: said('stack.instance'),
  }
}

function listIn(text: string | null): readonly string[] {
  return (text ?? '').split(',').filter((path) => path !== '')
}
