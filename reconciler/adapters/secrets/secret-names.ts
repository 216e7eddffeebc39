import { StackError } from '../../model/errors.ts'
import { isStackletId } from '../../model/names.ts'

/** Refuses a name that is neither `<id>__NAME` nor `global__NAME`. */
export function checkName(name: string): void {
  if (splitName(name) !== null) return
  throw new StackError('STACK_USAGE', `${JSON.stringify(name)} is not the name of a secret`, {
    hint: 'name it <stacklet>__NAME or global__NAME: photos__DB_PASSWORD',
    terminal: true,
  })
}

/** The name that serves every stacklet in place of this one. */
export function globalName(name: string): string {
  return `global__${splitName(name)?.rest ?? ''}`
}

/** An id may hold `__` too: the longest one that can be an id counts, since names of variables are upper case. */
function splitName(name: string): { readonly id: string; readonly rest: string } | null {
  const words = name.split('__')
  for (let count = words.length - 1; count > 0; count--) {
    const id = words.slice(0, count).join('__')
    const rest = words.slice(count).join('__')
    if (isStackletId(id) && /^[A-Za-z0-9_.-]+$/.test(rest)) return { id, rest }
  }
  return null
}
