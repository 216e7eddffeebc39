import { describe, expect, it } from 'vitest'
import { composeFailure } from '../../../reconciler/adapters/docker/compose-failure.ts'
import { engineError } from '../../../reconciler/adapters/docker/connect.ts'
import type { Ran } from '../../../reconciler/adapters/process/run.ts'

const id = '1a4e89abff7798c2997194cd8241cde3aa5393e48f4219bb00e2a4aa7f5e2ece'
/** Both as Docker 20.10 said them. */
const said = [`task ${id}: already exists`, 'id already in use']

function ended(stderr: string): Ran {
  return { exitCode: 1, stdout: '', stderr, timedOut: false, cancelled: false } as Ran
}

describe.each(said)('"%s"', (words) => {
  it('of Compose is a start that is stuck', () => {
    const stderr = ` Container s-f-1  Starting\nError response from daemon: ${words}\n`

    const error = composeFailure('start of s', ended(stderr), { timeoutMs: 1000, directory: '/srv/stacklets/s' })

    expect(error).toMatchObject({ code: 'STACK_STUCK', message: `start of s failed: ${words}`, terminal: false })
  })

  it('of the engine is one, too', () => {
    const thrown = { statusCode: 409, json: { message: words } }

    const error = engineError(thrown, { address: 'unix:///x', certificates: null }, 'restart 1a4e')

    expect(error).toMatchObject({ code: 'STACK_STUCK', message: `restart 1a4e: ${words}` })
  })
})

it.each([
  'Conflict. The container name "/x" is already in use by container "1a4e"',
  'Bind for 0.0.0.0:80 failed: port is already allocated',
  'network with name x already exists',
])('"%s" is none', (words) => {
  const stderr = `Error response from daemon: ${words}`

  const error = composeFailure('start of s', ended(stderr), { timeoutMs: 1000, directory: '/srv/stacklets/s' })

  expect(error.code).toBe('STACK_COMPOSE_FAILED')
})
