import type { Problem } from '../../model/problem.ts'
import { isTable } from '../toml-source.ts'
import type { ServiceSource } from './compose-source.ts'
import { type Convention, type ConventionFacts, departure } from './convention.ts'

/** Without a name of its own a project is called after its directory, and another checkout would be another project. */
export function checkProjectName({ stacklet, source }: ConventionFacts): readonly Problem[] {
  const wanted = `stack-${stacklet.id}`
  const name = source.top['name']
  if (name === wanted) return []
  const message = name === undefined ? 'the project has no name' : `the project is not called ${wanted}`
  const hint = `write name: ${wanted} at the top`
  return [departure('project-name', { message, hint }, source.at(['name']), stacklet.id)]
}

/** Other stacklets and people reach a container by its name, so it is `stack-<id>-<service>`, and the service is called the same. */
export const checkNames: Convention = (service, { stacklet, source }) => {
  const { key, table } = service
  const wanted = wantedName(service, stacklet.id)
  const complain = (message: string, hint: string, path: readonly string[]): Problem =>
    departure('container-name', { message, hint }, source.at(['services', key, ...path]), stacklet.id)
  const problems: Problem[] = []
  if (key !== wanted) {
    const shape = `stack-${stacklet.id} or stack-${stacklet.id}-…`
    problems.push(complain(`service ${key} is not called ${shape}`, `call the service ${wanted}`, []))
  }
  if (isScaled(table) || table['container_name'] === wanted) return problems
  const name = table['container_name']
  const message = name === undefined ? `${key} has no container_name` : `${key} and its container have two names`
  return [...problems, complain(message, `write container_name: ${wanted}`, ['container_name'])]
}

function wantedName({ key, table }: ServiceSource, id: string): string {
  const names = [key, table['container_name']].filter((name) => typeof name === 'string')
  return names.find((name) => name === `stack-${id}` || name.startsWith(`stack-${id}-`)) ?? `stack-${id}-${key}`
}

/** Several containers of one service cannot share a name. */
function isScaled({ scale, deploy }: Readonly<Record<string, unknown>>): boolean {
  const replicas = scale ?? (isTable(deploy) ? deploy['replicas'] : undefined)
  return replicas !== undefined && replicas !== 1
}
