import { expect, it, onTestFinished } from 'vitest'

import { dockerEngine } from '../../../reconciler/adapters/docker/container-engine.ts'
import { uniqueName } from '../../engine/ports.ts'
import { testEngine } from '../../engine/test-engine.ts'

const { signal } = new AbortController()

function given() {
  const { dockerHost, docker, images } = testEngine()
  const name = uniqueName('discard')
  onTestFinished(async () => {
    for (const kind of ['container', 'volume', 'network']) await docker([kind, 'rm', '--force', name]).catch(() => {})
  })
  return { engine: dockerEngine(async () => ({ address: dockerHost, certificates: null })), docker, images, name }
}

it('removes a network only when nobody is attached, not even a container that is stopped', async () => {
  const { engine, docker, images, name } = given()
  await docker(['network', 'create', name])
  await docker(['create', '--name', name, '--network', name, images.busybox])
  const discard = () => engine.discard({ kind: 'network', name }, signal)

  expect(await discard()).toEqual([])
  await docker(['rm', '--force', name])
  expect(await discard()).toEqual([name])
  expect(await discard()).toEqual([])
})

it("removes a project's volumes, and neither those of others nor what is in use", async () => {
  const { engine, docker, images, name } = given()
  const other = uniqueName('other')
  onTestFinished(async () => void (await docker(['volume', 'rm', '--force', other])))
  await docker(['volume', 'create', '--label', `com.docker.compose.project=${name}`, name])
  await docker(['volume', 'create', '--label', `com.docker.compose.project=${other}`, other])
  await docker(['create', '--name', name, '--volume', `${name}:/x`, images.busybox])
  const discard = () => engine.discard({ kind: 'volumes', project: name }, signal)

  expect(await discard()).toEqual([])
  await docker(['rm', '--force', name])
  expect(await discard()).toEqual([name])
  expect(await docker(['volume', 'ls', '--quiet', '--filter', `name=${other}`])).toBe(other)
})
