import { closest } from '../lib/closest.ts'
import { StackError } from '../model/errors.ts'
import { rotatedName, type Secret } from '../model/secret.ts'
import type { World } from '../ports/world.ts'
import { shapeOfSecret } from './secret-shape.ts'

/** The secrets of this host, for a person: their names are no secret, and a value is answered only when it is asked for. */
export interface Secrets {
  /** Sorted. */
  list(): Promise<readonly string[]>
  get(name: string): Promise<Secret>
  set(name: string, value: Secret, signal: AbortSignal): Promise<void>
  remove(name: string, signal: AbortSignal): Promise<void>
  /** A new value in place of the one there is. The old one is kept until a run has converged with the new one. */
  rotate(name: string, signal: AbortSignal): Promise<void>
}

export function secretsOf({ secrets }: Pick<World, 'secrets'>): Secrets {
  async function mustExist(name: string): Promise<Secret> {
    const all = await secrets.read()
    const value = Object.hasOwn(all, name) ? all[name] : undefined
    if (value === undefined) throw unknown(name, Object.keys(all))
    return value
  }
  return {
    list: async () => Object.keys(await secrets.read()).sort(),
    get: mustExist,
    set: (name, value, signal) => secrets.set(name, value, signal),
    async remove(name, signal) {
      await mustExist(name)
      await secrets.remove([name], signal)
    },
    async rotate(name, signal) {
      await mustExist(name)
      if (rotatedName(name) !== null) throw isPrevious(name)
      await secrets.rotate({ name, shape: shapeOfSecret(name) }, signal)
    },
  }
}

function unknown(name: string, names: readonly string[]): StackError {
  const meant = closest(name, names)
  const hint = meant === null ? 'stack secrets list shows the names' : `did you mean ${meant}?`
  return new StackError('STACK_UNKNOWN_SECRET', `there is no secret ${name}`, { hint, terminal: true })
}

function isPrevious(name: string): StackError {
  const message = `${name} keeps the former value of ${rotatedName(name)}`
  return new StackError('STACK_USAGE', message, { hint: `stack secrets rotate ${rotatedName(name)}`, terminal: true })
}
