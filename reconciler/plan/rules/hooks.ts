import { hookFiles } from '../../lib/hook-files.ts'
import type { HookEvent } from '../../model/hook.ts'
import type { StackletId } from '../../model/names.ts'
import { isWantedUp } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { HookReason, ProposedStep } from '../step.ts'
import { startsMainContainer } from '../upcoming.ts'
import type { Facts } from './rule.ts'

/**
 * First runs: the once-only hooks that have not ended well yet. Every start of a main container: on_start and on_start_ready.
 * A hook that a start still owes runs again; a silent run and the heal of a side container run none.
 */
export function planHooks({ situations, actual }: Facts): readonly ProposedStep[] {
  return situations.filter(isWantedUp).flatMap((situation) => {
    const files = actual.files[situation.wanted.id]
    const first = files?.isSetUp === true ? [] : firstRun.filter(({ event }) => !files?.finishedHooks.includes(event))
    return [...first, ...everyStart(situation)].flatMap(({ event, because }) => hookStep(situation, event, because))
  })
}

interface Due {
  readonly event: HookEvent
  readonly because: HookReason
}

const firstRun: readonly Due[] = [
  { event: 'on_configure', because: 'first install' },
  { event: 'on_install', because: 'first install' },
  { event: 'on_install_success', because: 'first healthy start' },
]

function everyStart(situation: Situation): readonly Due[] {
  if (startsMainContainer(situation)) {
    return [
      { event: 'on_start', because: 'before start' },
      { event: 'on_start_ready', because: 'after start' },
    ]
  }
  return (situation.entry?.owes ?? []).map((event) => ({ event, because: 'not finished' }))
}

function hookStep({ wanted }: Situation, event: HookEvent, because: HookReason): readonly ProposedStep[] {
  return proposeHook(wanted.id, Object.keys(wanted.stacklet.files), event, because)
}

/** A step for the hook, if the stacklet has one of that name. */
export function proposeHook(
  stacklet: StackletId,
  files: readonly string[],
  hook: HookEvent,
  because: HookReason,
): readonly ProposedStep[] {
  return hookFiles(hook, files).length === 0 ? [] : [propose({ kind: 'run-hook', stacklet, hook, because })]
}
