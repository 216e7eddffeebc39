import { link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isSameTree, lookAgain, lookAtFiles } from '../../watchers/file-tree.ts'
import { watchFiles } from '../../watchers/files.ts'
import { manualClock } from '../support/manual-clock.ts'

const declared = {
  'stack.toml': '',
  'users.toml': '',
  'desired/desired.toml': '',
  'stacklets/photos/stacklet.toml': '',
  'stacklets/photos/config/deep/app.conf': '',
  'stacklets/photos/.env': '',
  'stacklets/photos/data/file': '',
  '.stack/last-run': '',
  '.git/HEAD': '',
  'README.md': '',
}

describe('what a person does to declared files is seen', () => {
  it.each<[string, (folder: Folder) => Promise<void>]>([
    ['an edit in place', ({ write }) => write('stack.toml', 'edited')],
    ['an edit far down', ({ write }) => write('stacklets/photos/config/deep/app.conf', 'edited')],
    [
      'a file replaced by another, as editors and git do',
      async ({ at, write }) => {
        await write('desired/new', 'edited')
        await rename(at('desired/new'), at('desired/desired.toml'))
      },
    ],
    ['a new stacklet with a folder of its own', ({ write }) => write('stacklets/music/config/a', '')],
    ['a file that goes', ({ remove }) => remove('users.toml')],
    ['a folder that goes', ({ remove }) => remove('stacklets/photos')],
    ['a folder swapped for another', swapPhotos],
  ])('%s', async (_, act) => {
    const folder = await madeFolder()
    const { ready, until } = watching(folder)
    await ready()

    await act(folder)

    await until(1)
  })

  it('also in a folder that was swapped, and in one that is new', async () => {
    const folder = await madeFolder()
    const { ready, until, quiet, requests } = watching(folder)
    await ready()
    await swapPhotos(folder)
    await folder.write('stacklets/music/stacklet.toml', '')
    await until(1)

    for (const id of ['photos', 'music']) {
      await quiet()
      const before = requests.length
      await folder.write(`stacklets/${id}/stacklet.toml`, 'edited')
      await until(before + 1)
    }
  })

  it('when nothing was there at first', async () => {
    const folder = await madeFolder({})
    const { ready, until } = watching(folder)
    await ready()

    await folder.write('desired/desired.toml', '')

    await until(1)
  })

  it('once for many edits at a time', async () => {
    const folder = await madeFolder()
    const { ready, until, quiet, requests } = watching(folder)
    await ready()

    for (let edit = 0; edit < 50; edit += 1) await folder.write('stack.toml', `${edit}`)
    await until(1)
    await quiet()

    expect(requests).toHaveLength(1)
  })
})

it.each(['stacklets/photos/.env', 'stacklets/photos/data/file', '.stack/last-run', '.git/HEAD', 'README.md'])(
  'what nobody declares is not looked at: %s',
  async (path) => {
    const folder = await madeFolder()
    const places = { instance: folder.root, root: folder.root }
    const before = lookAtFiles(places)

    await folder.write(path, 'edited')
    const after = lookAtFiles(places)
    await folder.write('stacklets/photos/stacklet.toml', 'edited')

    expect(isSameTree(before, after)).toBe(true)
    expect(isSameTree(before, lookAtFiles(places))).toBe(false)
    expect(isSameTree(lookAgain(before, before.keys(), places), lookAtFiles(places))).toBe(true)
  },
)

it('what nothing told of is found by the slow look', async () => {
  const folder = await madeFolder({ ...declared, 'outside/file': '' })
  await link(folder.at('outside/file'), folder.at('stacklets/photos/linked'))
  const { ready, quiet, until, requests } = watching(folder, 60_000)
  await ready()
  await quiet()

  // Written by its other name, of which the folder that is listened to hears nothing.
  await folder.write('outside/file', 'edited')

  await until(requests.length + 1)
})

async function swapPhotos({ at, write }: Folder): Promise<void> {
  await write('other/stacklet.toml', 'another')
  await rename(at('stacklets/photos'), at('away'))
  await rename(at('other'), at('stacklets/photos'))
}

interface Folder {
  readonly root: string
  readonly at: (path: string) => string
  readonly write: (path: string, text: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
}

async function madeFolder(files: Readonly<Record<string, string>> = declared): Promise<Folder> {
  const root = await mkdtemp(join(tmpdir(), 'stackloop-files-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const at = (path: string): string => join(root, path)
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(at(path)), { recursive: true })
    await writeFile(at(path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  return { root, at, write, remove: (path) => rm(at(path), { recursive: true }) }
}

function watching({ root }: Folder, rescanMs = 1e9) {
  const clock = manualClock()
  const requests: string[] = []
  const cancel = new AbortController()
  const request = ({ reason }: { readonly reason: string }) => void requests.push(reason)
  const ended = watchFiles({ instance: root, root, clock, request, rescanMs }, cancel.signal)
  onTestFinished(async () => {
    cancel.abort()
    await ended
  })
  const passing = (check: () => void) =>
    vi.waitFor(
      async () => {
        await clock.advance(300)
        check()
      },
      { timeout: 4_000, interval: 5 },
    )
  return {
    requests,
    /** It has had its first look. */
    ready: () => vi.waitFor(() => expect(clock.sleeping).toBe(1), { interval: 5 }),
    until: (count: number) => passing(() => expect(requests.length).toBeGreaterThanOrEqual(count)),
    /** Nothing of what was done before is still under way. */
    async quiet() {
      let turns = 0
      await passing(() => expect(turns++).toBeGreaterThan(10))
    },
  }
}
