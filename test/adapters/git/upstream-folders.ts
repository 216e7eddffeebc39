import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { gitUpstream } from '../../../reconciler/adapters/git/upstream.ts'
import type { Upstream, WantedUpstream } from '../../../reconciler/ports/upstream.ts'
import { type RepositoryFolder, repositoryFolder } from './repository-folder.ts'

export const desired = 'desired/desired.toml'
export const wanted: WantedUpstream = { remote: null, branch: null, verify: 'none' }

/** A bare repository, the instance that follows it, and somebody else who pushes. */
export interface UpstreamFolders {
  readonly remote: RepositoryFolder
  readonly host: RepositoryFolder
  readonly other: RepositoryFolder
  readonly upstream: Upstream
  follow(more?: Partial<WantedUpstream>): ReturnType<Upstream['follow']>
  peek(more?: Partial<WantedUpstream>): ReturnType<Upstream['peek']>
  /** Somebody else writes a file, commits and pushes. Answers the commit. */
  push(path: string, text: string): string
  /** Somebody else takes the last commit back, commits another one and forces it. */
  rewrite(path: string, text: string): string
  read(path?: string): string
  /** What the instance is at, and what of it is not committed. */
  head(): string
  status(): string
  remove(): void
}

export function upstreamFolders(): UpstreamFolders {
  const remote = repositoryFolder()
  remote.git('init', '-q', '--bare', '-b', 'main')
  const other = repositoryFolder()
  other.init()
  other.git('remote', 'add', 'origin', remote.path)
  other.write('.gitignore', '.stack/\n')
  other.write(desired, 'one\n')
  other.write('README.md', 'read me\n')
  other.commit('first')
  other.git('push', '-q', '-u', 'origin', 'main')
  const host = clone(remote.path)
  const { signal } = new AbortController()
  const upstream = gitUpstream({ instance: host.path, patienceMs: 300, silenceMs: 1_000 })
  const commit = (path: string, text: string): string => {
    other.write(path, text)
    return other.commit(`theirs ${path}`)
  }
  return {
    ...{ remote, host, other, upstream },
    follow: (more = {}) => upstream.follow({ ...wanted, ...more }, signal),
    peek: (more = {}) => upstream.peek({ ...wanted, ...more }, signal),
    push(path, text) {
      const revision = commit(path, text)
      other.git('push', '-q', 'origin', 'main')
      return revision
    },
    rewrite(path, text) {
      other.git('reset', '-q', '--hard', 'HEAD^')
      const revision = commit(path, text)
      other.git('push', '-q', '--force', 'origin', 'main')
      return revision
    },
    read: (path = desired) => readFileSync(join(host.path, path), 'utf8'),
    head: () => host.git('rev-parse', 'HEAD'),
    status: () => host.git('status', '--porcelain'),
    remove() {
      for (const folder of [remote, host, other]) folder.remove()
    },
  }
}

export function clone(address: string): RepositoryFolder {
  const folder = repositoryFolder()
  folder.git('clone', '-q', address, '.')
  folder.git('config', 'user.name', 'Host')
  folder.git('config', 'user.email', 'host@example.org')
  return folder
}
