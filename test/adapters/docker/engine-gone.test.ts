import { expect, it } from 'vitest'
import { saysEngineIsGone } from '../../../reconciler/adapters/docker/engine-gone.ts'

it.each([
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  'error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/containers/1a/start": EOF',
  'Error response from daemon: Post "http://docker/containers/1a/start": EOF\n',
  'write unix @->/run/docker.sock: write: broken pipe',
  'read unix @->/run/docker.sock: read: connection reset by peer',
])('%s: the engine is gone', (stderr) => {
  expect(saysEngineIsGone(stderr)).toBe(true)
})

it.each([
  'Error response from daemon: Conflict. The container name "/a" is already in use',
  'failed to solve: unexpected EOF in Dockerfile line 3',
  'manifest for a:1 not found: manifest unknown',
  'container a is unhealthy',
])('%s: it is not', (stderr) => {
  expect(saysEngineIsGone(stderr)).toBe(false)
})
