import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Every way in which a value may have been written down: as it is, in a URL, in base64. */
export function waysToWrite(value: string): readonly string[] {
  return [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')]
}

/** Those of the needles that stand in a text. */
export function foundIn(text: string, needles: readonly string[]): readonly string[] {
  return needles.filter((needle) => text.includes(needle))
}

/** Files below a folder that hold one of the needles, by path inside it. */
export async function filesWith(folder: string, needles: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    files.map(async (file) =>
      foundIn(await readFile(file, 'latin1'), needles.map(inLatin1)).length > 0 ? [file] : [],
    ),
  )
  return found
    .flat()
    .map((file) => file.slice(folder.length + 1))
    .sort()
}

function inLatin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

export interface Watch {
  /** Ends watching; answers the command lines that held a needle. */
  end(): Promise<readonly string[]>
  /** How many different command lines were seen. */
  readonly seen: () => number
}

/** Looks at the command lines of all processes of this machine, again and again; those inside of containers are not ours. */
export async function watchCommandLines(needles: readonly string[]): Promise<Watch> {
  const ours = await readlink('/proc/self/ns/pid')
  const seen = new Set<string>()
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      for (const line of await commandLines(ours)) seen.add(line)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  return {
    seen: () => seen.size,
    async end() {
      isOver = true
      await watching
      return [...seen].filter((line) => foundIn(line, needles).length > 0)
    },
  }
}

async function commandLines(namespace: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = pids.map(async (pid) => {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const place = await readlink(`/proc/${pid}/ns/pid`).catch(() => '')
    return place === namespace ? line.replaceAll('\0', ' ') : ''
  })
  return Promise.all(lines)
}
