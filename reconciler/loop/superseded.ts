import { StackError } from '../model/errors.ts'

/** Not a failure: what it was about is looked at again at once, with the newer commit. */
export function superseded(what: string): StackError {
  return new StackError('STACK_SUPERSEDED', `${what} was ended, because a newer commit is there`, {
    hint: 'nothing to do: the next run goes on from here',
  })
}
