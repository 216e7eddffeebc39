import { StackError } from '../../../reconciler/model/errors.ts'
import type { HookHost, HookRequest } from '../../../reconciler/ports/hook-host.ts'
import type { Box } from './box.ts'
import type { Midway } from './compose.ts'
import { tell } from './containers.ts'

/** Hooks by what stands in their file: `fail` fails, `ask` asks a person and writes down the answer, all others just end. */
export function fakeHooks(box: Box, midway: Midway): HookHost {
  return {
    async run(request) {
      const mark = `${request.event} of ${request.id}`
      if (box.survivors.has(mark)) throw new Error(`${mark} would run twice at once`)
      await request.onStarted?.({ pid: 1, startedAt: 'now', mark })
      box.survivors.add(mark)
      tell(box, { what: 'hook', name: request.event, stacklet: request.id })
      endingWith(() => box.survivors.delete(mark), midway)
      box.survivors.delete(mark)
      finish(box, request)
    },
    async runWords({ id, words }) {
      const [what, program = ''] = words.split(' ')
      if (what === 'begin') box.programs.add(`${id}/${program}`)
      else box.programs.delete(`${id}/${program}`)
    },
    async endSurvivors({ mark }) {
      box.survivors.delete(mark)
    },
  }
}

/** A hook that fails leaves nothing behind; that of a process which is killed lives on. */
function endingWith(end: () => void, work: () => void): void {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof StackError) end()
    throw thrown
  }
}

function finish(box: Box, { id, event, file }: HookRequest): void {
  const text = box.workTree[file.replace('/instance/', '')]
  if (text === 'fail' || text === undefined)
    throw new StackError('STACK_HOOK_FAILED', `${event} of ${id} failed: exit code 1`, { hint: 'mend the hook' })
  if (text === 'ask') box.settings = { ...box.settings, [id]: { ...box.settings[id], answer: 'yes' } }
}
