import { closest } from '../../lib/closest.ts'
import { StackError } from '../../model/errors.ts'
import type { FoundProject } from '../../model/found-project.ts'

/** `known` are the projects that there are. */
export function unknownProject(name: string, known: readonly string[]): StackError {
  const meant = closest(name, known)
  const there = known.length === 0 ? 'no project runs on this engine' : `there are ${known.join(', ')}`
  const hint = meant === null ? there : `did you mean ${meant}?`
  return new StackError('STACK_UNKNOWN_PROJECT', `there is no Compose project ${name}`, { hint, terminal: true })
}

export function alreadyOurs(project: string, id: string): StackError {
  const hint = `stack status ${id} shows how it stands`
  return new StackError('STACK_REFUSED', `${project} is the stacklet ${id} already`, { hint, terminal: true })
}

export function ofAnotherInstance({ name, instance }: FoundProject): StackError {
  const hint = 'destroy it there first, or leave it there'
  const message = `${name} belongs to the stack instance ${instance}`
  return new StackError('STACK_FOREIGN', message, { hint, terminal: true })
}

export function badId(id: string, why: string): StackError {
  const hint = 'give it another: --id NAME, of lower case letters, digits, - and _'
  return new StackError('STACK_USAGE', `${id} ${why}`, { hint, terminal: true })
}

export function notAdoptable(message: string, hint: string): StackError {
  return new StackError('STACK_NOT_ADOPTABLE', message, { hint, terminal: true })
}

export function filesGone({ name }: FoundProject, missing: readonly string[]): StackError {
  const what = missing.length === 0 ? 'its containers do not say where its files are' : `${missing.join(', ')} is gone`
  const hint = 'put its Compose file back, or write stacklets/ID/ by hand: docker inspect shows what runs'
  return notAdoptable(`${name} cannot be adopted: ${what}`, hint)
}

export function twoRepositories(): StackError {
  const hint = 'copy the project to its stacklets/ by hand'
  return new StackError('STACK_REFUSED', 'the stacklets of this instance lie in another repository', {
    hint,
    terminal: true,
  })
}
