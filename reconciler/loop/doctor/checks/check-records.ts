import { type Check, ok, warning } from '../../../model/check.ts'
import type { InstanceFacts } from '../facts.ts'

/** None of these decides what is removed: what cannot be read is missed, and each says by whom. */
export function checkRecords({ look: { unreadable } }: InstanceFacts): readonly Check[] {
  if (unreadable.length === 0) return [ok('records', 'what this host noted of its runs can be read')]
  return unreadable.map((path) => {
    const { lost, hint } = meaningOf(path)
    return warning('records', `${path} cannot be read: ${lost}`, hint)
  })
}

interface Meaning {
  readonly lost: string
  readonly hint: string
}

function meaningOf(path: string): Meaning {
  const [, folder = '', id = ''] = /^\.stack\/([^/]+)\/([^/.]+)/.exec(path) ?? []
  if (folder === 'standing') {
    return { lost: `whether ${id} is on hold is not known`, hint: `look at it; to forget what it said: rm ${path}` }
  }
  if (folder === 'good') {
    const lost = `${id} has no version to go back to`
    return { lost, hint: `its next change that is well writes it anew; until then: rm -r .stack/good/${id}` }
  }
  if (folder === 'journal') {
    const lost = 'stack history leaves out what such a line told'
    return { lost, hint: `a run that was killed may leave one; look at it with: grep -vn '^{.*}$' ${path}` }
  }
  return { lost: 'it counts as not there', hint: 'the next run that has to writes it anew: stack reconcile' }
}
