import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder with files and, once `init` was called, a git repository in it. */
export interface RepositoryFolder {
  readonly path: string
  git(...argv: readonly string[]): string
  init(): void
  write(path: string, content: string | Uint8Array): void
  writeExecutable(path: string, content: string): void
  link(path: string, target: string): void
  /** Adds everything and answers the commit. */
  commit(message?: string): string
  remove(): void
}

export function repositoryFolder(): RepositoryFolder {
  return folderAt(mkdtempSync(join(tmpdir(), 'git-source-')))
}

export function folderAt(path: string): RepositoryFolder {
  mkdirSync(path, { recursive: true })

  function git(...argv: readonly string[]): string {
    return execFileSync('git', argv, { cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  }
  function place(name: string): string {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    return join(path, name)
  }
  return {
    path,
    git,
    init: () => {
      git('init', '-q', '-b', 'main')
      git('config', 'user.name', 'Test')
      git('config', 'user.email', 'test@example.org')
    },
    write: (name, content) => writeFileSync(place(name), content),
    writeExecutable: (name, content) => {
      writeFileSync(place(name), content)
      chmodSync(join(path, name), 0o755)
    },
    link: (name, target) => symlinkSync(target, place(name)),
    commit: (message = 'a commit') => {
      git('add', '-A')
      git('commit', '-q', '--allow-empty', '-m', message)
      return git('rev-parse', 'HEAD')
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
