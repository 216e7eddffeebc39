import type { DemoEngine } from './demo-engine.ts'
import { desiredFile, type Example, greetingIn } from './example.ts'
import { ownThings } from './own-things.ts'
import { greetingOnPage } from './page.ts'
import type { ScratchCopy } from './scratch-copy.ts'
import { stack } from './stack-command.ts'
import type { Voice } from './voice.ts'

/** What the page says after the edit. */
const nextGreeting = 'Hello again, one commit later'

export interface Scene {
  readonly copy: ScratchCopy
  readonly example: Example
  readonly engine: DemoEngine
  readonly url: string
  readonly voice: Voice
  readonly signal: AbortSignal
}

/** Brings the host to what the copy says; the first time also edits a line, and brings the host there. */
export async function tellStory(scene: Scene): Promise<void> {
  const { copy, example, voice } = scene
  const isNew = (await copy.greeting()) === greetingIn(example.files[desiredFile] ?? '')
  if (!isNew) return tellAgain(scene)

  voice.chapter('What would change, and then the change:')
  await planAndReconcile(scene)

  voice.chapter(`One line of ${desiredFile} is edited and committed:`)
  await copy.setGreeting(nextGreeting)
  for (const line of await copy.editedLines()) voice.line(`  ${line}`)
  await copy.commit('Greet again')
  await planAndReconcile(scene)
}

async function tellAgain(scene: Scene): Promise<void> {
  const { voice } = scene
  voice.chapter('The demo has been here before:')
  const before = await snapshot(scene)
  await planAndReconcile(scene)
  const after = await snapshot(scene)

  const isSame = before.head === after.head && before.containers === after.containers
  const words = isSame ? 'Nothing had to change: still' : 'Put right: now'
  voice.line(`\n${words} commit ${after.head} and container ${after.containers}.`)
}

async function snapshot({ copy, engine }: Scene): Promise<{ readonly head: string; readonly containers: string }> {
  const { containers } = await ownThings(engine.client, copy.folder)
  const words = containers.map(({ id, name, state }) => `${name} (${id.slice(0, 12)}, ${state})`).sort()
  return { head: await copy.head(), containers: words.join(', ') }
}

async function planAndReconcile(scene: Scene): Promise<void> {
  const { copy, engine, url, voice, signal } = scene
  const call = { folder: copy.folder, env: engine.env, signal, voice }
  await stack(['plan'], [0, 2], call)
  if (await copy.commit('What was edited by hand')) voice.line('Committed what was edited in the copy.')
  await stack(['reconcile'], [0], call)
  voice.line(`\nThe page at ${url} says: ${await greetingOnPage(url, signal)}`)
}
