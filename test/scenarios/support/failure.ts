import { expect } from 'vitest'
import type { Answer, Instance } from './instance.ts'

export interface Failure {
  readonly exit: number
  readonly code: string
  readonly message: RegExp
  readonly hint: RegExp
}

/** A command line as it is, and with --json. */
export async function inBothWays(
  host: Instance,
  env: Record<string, string | null>,
  line: string,
): Promise<[Answer, Answer]> {
  const [first = '', ...rest] = line.split(' ')
  return Promise.all([host.stackWith(env, first, ...rest), host.stackWith(env, first, '--json', ...rest)])
}

/** Both say the same, and what to do; neither shows the inside of the program. */
export function expectFailure(text: Answer, json: Answer, { exit, code, message, hint }: Failure): void {
  expect([text.code, json.code], text.stderr + json.stdout + json.stderr).toEqual([exit, exit])
  const { error, version } = json.json
  expect(version).toBe(1)
  expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) })
  expect(text.stderr).toContain(error.message)
  expect(text.stderr).toContain(error.hint)
  expectNoTrace(text)
  expectNoTrace(json)
}

export function expectNoTrace({ stdout, stderr }: Answer): void {
  expect(stdout + stderr).not.toMatch(/^ {4}at /m)
  expect(stdout + stderr).not.toContain('STACK_BUG')
  expect(stdout + stderr).not.toContain('should not have')
}
