import { expect } from 'vitest'
import { uniqueName } from '../../engine/ports.ts'
import { allOf } from './containers.ts'
import { documents } from './documents.ts'
import { type Answer, type Instance, type InstanceOptions, makeInstance } from './instance.ts'
import { changedPaths, snapshot } from './snapshot.ts'
import { desiredRunning, webStacklet } from './stacklets.ts'

const desired = 'desired/desired.toml'

/** Where plans are sealed in. */
export const file = 'plan.json'

/** A secret that no plan may show. */
export const planted = uniqueName('canary')

/** Of a manifest: a secret that is made, and the planted one. */
export const secretly = '\n[env]\ngenerate = ["KEY"]\n[env.defaults]\nHAND = "{global__HAND}"\n'

/** An instance that runs two stacklets. */
export interface Changed {
  readonly host: Instance
  readonly id: string
  /** Runs beside it, and nothing is to be done with it. */
  readonly other: string
}

export async function convergedHost(options: InstanceOptions = {}): Promise<Changed> {
  const [id, other] = [uniqueName('web'), uniqueName('other')]
  const files = { ...webStacklet({ id, manifest: secretly }), ...webStacklet({ id: other }) }
  const host = await makeInstance({ ...files, ...desiredRunning(id, other) }, options)
  await host.write('.stack/secrets.toml', `global__HAND = "${planted}"\n`)
  await host.write('.gitignore', `.stack/\n.env\ndata/\n${file}\n`)
  await host.commit()
  const run = await host.stack('reconcile')
  expect(run.code, run.stderr).toBe(0)
  return { host, id, other }
}

/** Something is to be done, and committed. */
export async function changedHost(options: InstanceOptions = {}): Promise<Changed> {
  const on = await convergedHost(options)
  await on.host.write(desired, `${greeting(on.id, 'new')}[stacklets.${on.other}]\n`)
  await on.host.commit()
  return on
}

export function greeting(id: string, text: string): string {
  return `[stacklets.${id}]\nenv = { GREETING = "${text}" }\n`
}

export async function seal(host: Instance, ...words: readonly string[]): Promise<Answer> {
  const sealed = await host.stack('plan', ...words, '--out', file)
  expect([0, 2], sealed.stdout + sealed.stderr).toContain(sealed.code)
  expect(sealed.stdout).toContain(`stack up --plan ${file}`)
  return sealed
}

export function execute(host: Instance): Promise<Answer> {
  return host.stack('up', '--plan', file, '--json')
}

/** Exit code 1 with the reason, and neither a container nor a file that is another one than before. */
export async function expectRefused(host: Instance, code: string, message: string): Promise<void> {
  const [containers, files] = [await allOf(host), await snapshot(host.folder)]

  const answer = await execute(host)

  expect(answer.code, answer.stdout + answer.stderr).toBe(1)
  expect(documents.errors.parse(answer.json).error).toMatchObject({ code, message: expect.stringContaining(message) })
  expect(answer.stdout + answer.stderr).not.toContain(planted)
  expect(await allOf(host)).toEqual(containers)
  expect(changedPaths(files, await snapshot(host.folder))).toEqual([])
}
