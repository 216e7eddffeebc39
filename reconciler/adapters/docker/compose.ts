import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { envText } from '../../lib/env-text.ts'
import { StackError } from '../../model/errors.ts'
import { Secret } from '../../model/secret.ts'
import type { AppliedProject, Compose, ComposeAnswer, ComposeRequest } from '../../ports/compose.ts'
import { type Ran, run } from '../process/run.ts'
import * as commands from './commands.ts'
import { childEnvironment, findCompose } from './compose-binary.ts'
import { lastLine, refusal, unsetVariables } from './compose-complaints.ts'
import { ComposeDocument, projectOf, withLabels } from './compose-document.ts'
import { endSurvivors, marksOf } from './compose-survivors.ts'
import { type ComposeText, projectNameIn, readComposeText, withEnvFile } from './compose-text.ts'
import type { Endpoint, Environment } from './endpoint.ts'
import { explainFailure } from './explain-failure.ts'

const resolveMs = 60_000
const endMs = 300_000
const fetchMs = 3_600_000

export interface ComposeOptions {
  readonly env: Environment
  readonly findEndpoint: () => Promise<Endpoint>
}

/** Compose v2 as a child process, always with a deadline. */
export function composeProgram(options: ComposeOptions): Compose {
  let found: Promise<readonly string[]> | null = null
  async function call(words: readonly string[], limits: CallLimits): Promise<Ran> {
    found ??= findCompose(options.env)
    const { address } = await options.findEndpoint()
    const env = { ...childEnvironment(options.env, address), ...limits.marks }
    return run([...(await found), ...words], {
      env,
      signal: limits.signal,
      timeoutMs: limits.timeoutMs,
      input: limits.input,
    })
  }
  async function act(doing: string, project: AppliedProject, words: readonly string[], limits: CallLimits) {
    await endSurvivors(project)
    const ran = await call(words, { ...limits, marks: marksOf(project) })
    if (ran.exitCode !== 0) throw failure(`${doing} ${project.name}`, ran, { ...limits, directory: project.directory })
  }
  return {
    resolve: (request, signal) =>
      resolve(request, (words, input) => call(words, { signal, input, timeoutMs: resolveMs })),
    pull: (project, services, signal) =>
      act('pull for', project, commands.composePull(project, services), { signal, timeoutMs: fetchMs }),
    build: (project, services, signal) =>
      act('build of', project, commands.composeBuild(project, services), { signal, timeoutMs: fetchMs }),
    async up(project, { recreate, deadlineMs }, signal) {
      const limits = { signal, timeoutMs: deadlineMs }
      if (recreate.length > 0) await act('start of', project, commands.composeRecreate(project, recreate), limits)
      await act('start of', project, commands.composeUp(project), limits)
    },
    end: (how, project, signal) =>
      act(`${how} of`, project, commands.composeEnd(how, project), { signal, timeoutMs: endMs }),
  }
}

interface CallLimits {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly input?: string
  /** Added to its environment. */
  readonly marks?: Readonly<Record<string, string>>
}

type Call = (words: readonly string[], input: string) => Promise<Ran>

/** The values travel in a file of mode 0600 in a folder of mode 0700 that is gone when the answer is there. */
async function resolve(request: ComposeRequest, call: Call): Promise<ComposeAnswer> {
  const read = readComposeText(request.text)
  if ('message' in read) return { kind: 'refused', complaints: [read] }
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-'))
  try {
    const envFile = join(folder, 'values.env')
    const values = Object.entries(request.values).map(([name, text]) => ({ name, text }))
    await writeFile(envFile, envText(values), { mode: 0o600 })
    return await resolveWith(request, read, envFile, call)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function resolveWith(
  request: ComposeRequest,
  read: ComposeText,
  envFile: string,
  call: Call,
): Promise<ComposeAnswer> {
  const projectName = projectNameIn(read) === null ? `stack-${request.id}` : null
  const words = commands.composeConfig({ directory: request.directory, envFile, projectName })
  const ran = await call(words, withEnvFile(read, envFile))
  if (ran.timedOut || ran.cancelled)
    throw failure(`reading ${request.id}'s docker-compose.yml`, ran, {
      timeoutMs: resolveMs,
      directory: request.directory,
    })
  const unset = unsetVariables(ran.stderr, read)
  if (ran.exitCode !== 0) return { kind: 'refused', complaints: [refusal(ran.stderr, read), ...unset] }
  if (unset.length > 0) return { kind: 'refused', complaints: unset }
  const document = withLabels(ComposeDocument.parse(JSON.parse(ran.stdout)), request.labels)
  const text = new Secret(`${JSON.stringify(document, null, 2)}\n`)
  return { kind: 'resolved', project: projectOf(document, request.directory), document: text }
}

/** Compose counts what it does, which tells nothing of what went wrong. */
const counting = /^ *(?:Container|Network|Volume|Image) \S+ +[A-Z]\w+ *$/

function failure(
  doing: string,
  ran: Ran,
  { timeoutMs, directory }: { readonly timeoutMs: number; readonly directory: string },
): StackError {
  const output = ran.stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !counting.test(line))
    .slice(-10)
  if (ran.timedOut) {
    const seconds = Math.round(timeoutMs / 1000)
    const hint = 'a dependency may never become healthy; docker ps -a shows which'
    return new StackError('STACK_TIMED_OUT', `${doing} took longer than ${seconds} s and was ended`, { hint, output })
  }
  if (ran.cancelled) return new StackError('STACK_CANCELLED', `${doing} was cancelled`, { hint: 'run it again' })
  const { why, hint } = explainFailure(ran.stderr, directory) ?? {
    why: lastLine(ran.stderr),
    hint: "the words are Compose's own; mend what they name and run it again",
  }
  return new StackError('STACK_COMPOSE_FAILED', `${doing} failed: ${why}`, { hint, output })
}
