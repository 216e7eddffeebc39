import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoundProject } from '../../model/found-project.ts'
import type { RunningProjects } from '../../ports/running-projects.ts'
import type { Ran } from '../process/run.ts'
import { type ProjectWords, projectConfig, projectRehearsal } from './commands.ts'
import { type ComposeOptions, composeCaller } from './compose-call.ts'
import { composeFailure } from './compose-failure.ts'
import { connect, engineError } from './connect.ts'
import { documentDifferences } from './document-differences.ts'
import { foundProjects } from './found-projects.ts'

const readMs = 60_000

/** Projects on the engine, found by what Compose writes on its containers, and read by Compose itself. */
export function runningProjects(options: ComposeOptions): RunningProjects {
  const call = composeCaller(options)
  async function ask(project: FoundProject, words: Argv, signal: AbortSignal, input?: string): Promise<Ran> {
    const { directory } = inFolder(project)
    const limits = { signal, timeoutMs: readMs, cwd: directory, ...(input === undefined ? {} : { input }) }
    const ran = await call(words, limits)
    if (ran.exitCode === 0) return ran
    throw composeFailure(`reading the project ${project.name}`, ran, { timeoutMs: readMs, directory })
  }
  return {
    async list(abortSignal) {
      const endpoint = await options.findEndpoint()
      const client = await connect(endpoint)
      try {
        return foundProjects(await client.listContainers({ all: true, abortSignal }))
      } catch (thrown) {
        abortSignal.throwIfAborted()
        throw engineError(thrown, endpoint, 'looking for projects')
      }
    },
    merged: (project, texts, signal) =>
      inFiles(texts, async (files) => {
        const everything = { ...inFolder(project), files, profiles: ['*'] }
        return (await ask(project, projectConfig(everything, 'raw'), signal)).stdout
      }),
    async variables(project, paths, signal) {
      if (paths.length === 0) return new Map()
      const services = paths.map((path, index) => [`s${index}`, { image: 'none', env_file: [path] }])
      const words = projectConfig({ ...inFolder(project), files: ['-'] }, 'json')
      const text = JSON.stringify({ services: Object.fromEntries(services) })
      const document = JSON.parse((await ask(project, words, signal, text)).stdout)
      return new Map(paths.map((path, index) => [path, plain(document.services[`s${index}`].environment ?? {})]))
    },
    async outdated(project, signal) {
      const { stderr } = await ask(project, projectRehearsal(inFolder(project)), signal)
      const names = [...stderr.matchAll(/ Container (\S+) +(?:Recreate|Creating)$/gm)].map(([, name = '']) => name)
      return [...new Set(names)].sort()
    },
    async differences(project, { document, directory }, signal) {
      const { stdout } = await ask(project, projectConfig(inFolder(project), 'json'), signal)
      const copy = document.reveal().replaceAll(directory, project.directory ?? '')
      return documentDifferences(JSON.parse(stdout), JSON.parse(copy))
    },
  }
}

type Argv = readonly string[]

function inFolder(project: FoundProject): ProjectWords {
  return { ...project, directory: project.directory ?? '/' }
}

/** What it prints may be read as a Compose file again, so that every `$` is doubled. */
function plain(environment: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(set.map(([name, value]) => [name, value.replaceAll('$$', '$')]))
}

/** They may hold secrets: they lie in a folder for our eyes only, and are gone when the answer is there. */
async function inFiles<Answer>(texts: Argv, work: (paths: Argv) => Promise<Answer>): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-'))
  try {
    const paths = texts.map((_, index) => join(folder, `${index}.yml`))
    for (const [index, path] of paths.entries()) await writeFile(path, texts[index] ?? '', { mode: 0o600 })
    return await work(paths)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
