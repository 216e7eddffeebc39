import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import { Secret } from '../../model/secret.ts'
import type { Step } from '../../plan/step.ts'
import { isResponding } from '../observe-services.ts'
import type { StepContext } from '../run-context.ts'
import { contextNow, hookOwner, ownerOrNull } from './stacklet-context.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

const pauseMs = 250

/**
 * Starts a program of the host as its manifest says, notes that it was us, and waits until it answers. One that can be asked is
 * noted first, so that a run which dies in between leaves no program that nobody stops; one that cannot is believed to run once
 * it is noted.
 */
export async function startService(
  { stacklet, service }: StepOf<'start-service'>,
  context: StepContext,
): Promise<void> {
  const { world, signal } = context
  const wanted = await hookOwner(stacklet, context)
  const declared = wanted.services.find((one) => one.id === service)
  if (declared === undefined || declared.start === null) return
  const note = () => noteStarted(stacklet, (started) => [...new Set([...started, service])].sort(), context)
  if (declared.check !== null) await note()
  await runWords(stacklet, declared.start, context)
  if (declared.check === null) return note()
  const deadlineMs = world.clock.nowMs() + wanted.health.timeoutMs
  while (!(await isResponding(world, declared, signal))) {
    if (world.clock.nowMs() >= deadlineMs) throw silent(stacklet, declared.name)
    await world.clock.sleep(pauseMs, signal)
  }
}

/** Its directory takes with it how a program is stopped: then a person has to. */
export async function stopService({ stacklet, service }: StepOf<'stop-service'>, context: StepContext): Promise<void> {
  const owner = await ownerOrNull(stacklet, context)
  const words = owner?.services.find((one) => one.id === service)?.stop ?? null
  if (words === null) context.say(`nothing says how ${service} of ${stacklet} is stopped: it may still run`)
  else await runWords(stacklet, words, context)
  await noteStarted(stacklet, (started) => started.filter((one) => one !== service), context)
}

/** `start` and `stop` are a shell's words, written by whoever wrote the stacklet. */
async function runWords(id: StackletId, words: string, context: StepContext): Promise<void> {
  const { world, desired, signal, say } = context
  const told = await contextNow(await hookOwner(id, context), context)
  const { timeoutMs } = desired.settings.hooks
  await world.hooks.runWords({ id, words, context: told, timeoutMs, onLine: say }, signal)
}

type Change = (started: readonly string[]) => readonly string[]

/** Programs of one stacklet may start and stop at once, and their note is one file. */
function noteStarted(id: StackletId, change: Change, context: StepContext): Promise<void> {
  return context.noting(() => changeNote(id, change, context))
}

async function changeNote(id: StackletId, change: Change, { world, desired }: StepContext): Promise<void> {
  const before = (await world.files.look([id], desired.settings.core.dataDir))[id]?.startedServices ?? []
  const after = change(before)
  if (after.length === 0) return world.files.remove('services', id)
  await world.files.write('services', id, new Secret(`${after.join('\n')}\n`))
}

function silent(id: StackletId, name: string): StackError {
  return new StackError('STACK_UNHEALTHY', `${name} of ${id} was started and does not answer at its check_url`, {
    hint: `run its start command by hand to see what it says, and mend [services] of stacklets/${id}/stacklet.toml`,
  })
}
