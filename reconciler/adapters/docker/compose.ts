import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { envText } from '../../lib/env-text.ts'
import { Secret } from '../../model/secret.ts'
import type { AppliedProject, Compose, ComposeAnswer, ComposeRequest } from '../../ports/compose.ts'
import type { Ran } from '../process/run.ts'
import * as commands from './commands.ts'
import { type CallLimits, type ComposeOptions, composeCaller } from './compose-call.ts'
import { refusal, unsetVariables } from './compose-complaints.ts'
import { ComposeDocument, projectOf, withLabels, withPins } from './compose-document.ts'
import { composeFailure } from './compose-failure.ts'
import { endSurvivors, marksOf } from './compose-survivors.ts'
import { type ComposeText, projectNameIn, readComposeText, withEnvFile } from './compose-text.ts'

const resolveMs = 60_000
const endMs = 300_000
const fetchMs = 3_600_000

/** Compose v2 as a child process, always with a deadline. */
export function composeProgram(options: ComposeOptions): Compose {
  const call = composeCaller(options)
  async function act(doing: string, project: AppliedProject, words: readonly string[], limits: CallLimits) {
    await endSurvivors(project)
    const ran = await call(words, { ...limits, marks: marksOf(project) })
    if (ran.exitCode !== 0)
      throw composeFailure(`${doing} ${project.name}`, ran, { ...limits, directory: project.directory })
  }
  return {
    resolve: (request, signal) =>
      resolve(request, (words, input) => call(words, { signal, input, timeoutMs: resolveMs })),
    pull: (project, services, signal) =>
      act('pull for', project, commands.composePull(project, services), { signal, timeoutMs: fetchMs }),
    build: (project, services, signal) =>
      act('build of', project, commands.composeBuild(project, services), { signal, timeoutMs: fetchMs }),
    async up(project, { recreate, beside, deadlineMs }, signal) {
      const limits = { signal, timeoutMs: deadlineMs }
      if (beside !== undefined) return act('start of', project, commands.composeBeside(project, beside), limits)
      if (recreate.length > 0) await act('start of', project, commands.composeRecreate(project, recreate), limits)
      await act('start of', project, commands.composeUp(project), limits)
    },
    end: (how, project, signal) =>
      act(`${how} of`, project, commands.composeEnd(how, project), { signal, timeoutMs: endMs }),
  }
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
    throw composeFailure(`reading ${request.id}'s docker-compose.yml`, ran, {
      timeoutMs: resolveMs,
      directory: request.directory,
    })
  const unset = unsetVariables(ran.stderr, read)
  if (ran.exitCode !== 0) return { kind: 'refused', complaints: [refusal(ran.stderr, read), ...unset] }
  if (unset.length > 0) return { kind: 'refused', complaints: unset }
  const answered = ComposeDocument.parse(JSON.parse(ran.stdout))
  const document = withLabels(withPins(answered, request.locked), request.labels)
  const text = new Secret(`${JSON.stringify(document, null, 2)}\n`)
  return { kind: 'resolved', project: projectOf(document, request.directory, answered), document: text }
}
