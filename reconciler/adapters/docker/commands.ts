import type { AppliedProject } from '../../ports/compose.ts'

/** What we say to Compose, as words. Tests compare words. */
type Argv = readonly string[]

const quiet: Argv = ['--ansi', 'never', '--progress', 'plain']

/** Fails where Compose does not know the options of all our calls. */
export const composeVersion: Argv = [...quiet, 'version', '--short']

export interface ConfigWords {
  readonly directory: string
  readonly envFile: string
  /** Null where the document names its project itself. */
  readonly projectName: string | null
}

/** Reads the document from stdin and prints what Compose makes of it. */
export function composeConfig({ directory, envFile, projectName }: ConfigWords): Argv {
  const name = projectName === null ? [] : ['-p', projectName]
  return [
    ...quiet,
    ...name,
    '--project-directory',
    directory,
    '--env-file',
    envFile,
    '-f',
    '-',
    'config',
    '--format',
    'json',
  ]
}

export function composePull(project: AppliedProject, services: readonly string[]): Argv {
  return [...of(project), 'pull', '--quiet', ...services]
}

export function composeBuild(project: AppliedProject, services: readonly string[]): Argv {
  return [...of(project), 'build', '--quiet', ...services]
}

export function composeUp(project: AppliedProject): Argv {
  return [...of(project), 'up', '--detach', '--no-build', '--quiet-pull']
}

export function composeRecreate(project: AppliedProject, services: readonly string[]): Argv {
  return [...composeUp(project), '--force-recreate', ...services]
}

export function composeBeside(project: AppliedProject, counts: Readonly<Record<string, number>>): Argv {
  const scales = Object.entries(counts).flatMap(([name, count]) => ['--scale', `${name}=${count}`])
  return [...composeUp(project), '--no-recreate', '--no-deps', ...scales, ...Object.keys(counts)]
}

export function composeEnd(how: 'stop' | 'down', project: AppliedProject): Argv {
  return [...of(project), how, ...(how === 'down' ? ['--remove-orphans'] : [])]
}

export interface ProjectWords {
  readonly name: string
  readonly directory: string
  readonly files: readonly string[]
  readonly envFiles: readonly string[]
  readonly profiles: readonly string[]
}

/** What Compose makes of the files of a project that is not ours; `raw` leaves variables as they are. */
export function projectConfig(project: ProjectWords, how: 'json' | 'raw'): Argv {
  return [...foreign(project), 'config', ...(how === 'raw' ? ['--no-interpolate'] : ['--format', 'json'])]
}

/** What `up` would do to its containers, without doing any of it. */
export function projectRehearsal(project: ProjectWords): Argv {
  return [...foreign(project), '--dry-run', 'create', '--no-build']
}

function foreign({ name, directory, files, envFiles, profiles }: ProjectWords): Argv {
  return [
    ...quiet,
    ...['-p', name, '--project-directory', directory],
    ...files.flatMap((file) => ['-f', file]),
    ...envFiles.flatMap((file) => ['--env-file', file]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
  ]
}

function of({ name, documentPath, directory }: AppliedProject): Argv {
  const document = documentPath === null ? [] : ['-f', documentPath, '--project-directory', directory]
  return [...quiet, '-p', name, ...document]
}
