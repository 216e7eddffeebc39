import fs, { type PathLike } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { relative } from 'node:path'

import { lasting, type Places } from './places.ts'

type Words = readonly unknown[]
type Call = (...words: unknown[]) => unknown

/** What a folder, a mode or an owner is, does not matter as long as nothing lies there. */
const changing = ['rename', 'rm', 'writeFile', 'copyFile', 'truncate'] as const

/** Makes each change of a file in this folder a place, and the middle of each write one more. Before anything else is loaded. */
export function watchFiles(folder: string, places: Places): void {
  const own = (path: unknown): string | null => {
    const text = typeof path === 'string' ? path : ''
    return text.startsWith(`${folder}/`) ? lasting(relative(folder, text)) : null
  }
  const promises = fs.promises as unknown as Record<string, Call>
  for (const name of changing) promises[name] = counted(name, promises[name]!, own, places)
  const open = promises['open'] as unknown as typeof fs.promises.open
  promises['open'] = (async (path: PathLike, flags?: string | number, mode?: number) => {
    const file = await open(path, flags, mode)
    const name = own(path)
    return name === null || flags === 'r' ? file : tearing(file, name, places)
  }) as Call
  // write-file-atomic goes by the older ones.
  const older = fs as unknown as Record<string, Call>
  for (const name of ['rename', 'open']) older[name] = counted(name, older[name]!, own, places)
  syncBuiltinESMExports()
}

function counted(name: string, change: Call, own: (path: unknown) => string | null, places: Places): Call {
  return (...words) => {
    const path = own(words[0])
    if (path === null) return change(...words)
    if (name === 'writeFile') half(path, words, places)
    places.pass(`file: ${name} ${path}`)
    return change(...words)
  }
}

function half(path: string, [file, content]: Words, places: Places): void {
  const place = `file: half of ${path}`
  if (places.isNext(place)) {
    const bytes = Buffer.from(content as string)
    fs.writeFileSync(file as string, bytes.subarray(0, bytes.length / 2))
  }
  places.pass(place)
}

function tearing(file: FileHandle, path: string, places: Places): FileHandle {
  const write = file.writeFile.bind(file)
  file.writeFile = async (content, ...options) => {
    const place = `file: half of ${path}`
    if (places.isNext(place)) {
      const bytes = Buffer.from(content as string)
      fs.writeSync(file.fd, bytes.subarray(0, bytes.length / 2))
    }
    places.pass(place)
    return write(content, ...options)
  }
  return file
}
