import { mkdir } from 'node:fs/promises'
import { StackError } from '../reconciler/model/errors.ts'
import { bringImage } from './bring-image.ts'
import { chooseNames } from './choose-names.ts'
import { type CopyState, readState, writeState } from './copy-state.ts'
import { type DemoEngine, demoEngine, type EngineWish } from './demo-engine.ts'
import { type Example, shippedExample } from './example.ts'
import { stackCommand } from './places.ts'
import { type ScratchCopy, scratchCopy } from './scratch-copy.ts'
import { tellStory } from './story.ts'
import { shortPath, type Voice } from './voice.ts'

/** An engine, a copy of the shipped example, the story, and what is left at the end. */
export async function showDemo(wish: EngineWish): Promise<void> {
  const { places, terminal, voice } = wish
  const beganMs = performance.now()
  const engine = await demoEngine(wish)
  const example = await shippedExample()
  const copy = scratchCopy(places.copy, engine.env)

  const state = await prepareCopy(copy, example, engine, voice)
  const url = `http://localhost:${state.port}/`
  await tellStory({ copy, example, engine, url, voice, signal: terminal.signal })
  voice.line(`Took ${((performance.now() - beganMs) / 1000).toFixed(1)} s.`)
  tellWhatRuns(copy, engine, { url, voice })
}

/** Makes the copy, or brings it up to date with the shipped example; goes on where an earlier call was cut short. */
async function prepareCopy(copy: ScratchCopy, example: Example, engine: DemoEngine, voice: Voice): Promise<CopyState> {
  const before = await readState(copy.folder)
  if (before !== null && before.endpoint.address !== engine.endpoint.address) throw otherEngine(before, engine)

  await mkdir(copy.folder, { recursive: true, mode: 0o700 })
  const names = before ?? (await chooseNames(engine.client, voice))
  const broughtImage = (await bringImage(engine, voice)) || before?.broughtImage === true
  const { project, port } = names
  const state = { endpoint: engine.endpoint, project, port, broughtImage, example: before?.example ?? '' }
  await writeState(copy.folder, state)
  if (state.example === example.digest) return state
  await copy.replace(example, names)
  voice.line(`Copied the shipped example to ${shortPath(copy.folder)}, as a git repository.`)
  const copied = { ...state, example: example.digest }
  await writeState(copy.folder, copied)
  return copied
}

function otherEngine(before: CopyState, engine: DemoEngine): StackError {
  const here = engine.endpoint.address
  const message = `the demo was begun on the engine at ${before.endpoint.address}, and this one is at ${here}`
  const hint = 'remove what it left there: npm run demo -- --stop; then npm run demo'
  return new StackError('STACK_HOST_CHANGED', message, { hint, terminal: true })
}

function tellWhatRuns(
  { folder }: ScratchCopy,
  engine: DemoEngine,
  { url, voice }: { readonly url: string; readonly voice: Voice },
): void {
  const variables = ['DOCKER_HOST', 'DOCKER_CONFIG'].flatMap((name) => {
    const value = engine.env[name]
    return value === undefined || value === process.env[name] ? [] : [`${name}=${value}`]
  })
  voice.chapter('Still running:')
  voice.line(`  the page at ${url}`)
  if (engine.isPrivate) voice.line(`  a Docker engine of the demo's own, at ${engine.endpoint.address}`)
  voice.chapter('Go on yourself:')
  voice.line(`  cd ${shortPath(folder)}`)
  if (variables.length > 0) voice.line(`  export ${variables.join(' ')}`)
  voice.line(`  alias stack='${stackCommand().join(' ')}'`)
  voice.line('  stack status; edit desired/desired.toml; git commit -a; stack reconcile')
  voice.chapter('Stop all of it:')
  voice.line('  npm run demo -- --stop')
}
