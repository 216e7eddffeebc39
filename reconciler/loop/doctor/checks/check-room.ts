import { type Check, error, listed, ok, warning } from '../../../model/check.ts'
import type { Desired } from '../../../model/desired.ts'
import type { Room } from '../../../ports/machine.ts'
import type { Facts, InstanceFacts } from '../facts.ts'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3
/** Below this a database cannot write a page, and a pull fails. */
const tooLittle = 256 * mebibyte
const little = 2 * gibibyte
const fewFiles = 10_000

export function checkDisk({ rooms }: Facts): readonly Check[] {
  const tight = rooms.flatMap(complaintOf)
  if (tight.length > 0) return tight
  const words = rooms.map(({ path, freeBytes }) => `${sizeOf(freeBytes)} free at ${path}`)
  return words.length === 0 ? [] : [ok('disk', words.join(', '))]
}

function complaintOf({ path, at, freeBytes, freeFiles }: Room): readonly Check[] {
  const hint = `make room on that disk: df -h ${at}; docker system df shows what images take`
  if (freeBytes < tooLittle) return [error('disk', `only ${sizeOf(freeBytes)} are free at ${path}`, hint)]
  if (freeBytes < little) return [warning('disk', `only ${sizeOf(freeBytes)} are free at ${path}`, hint)]
  if (freeFiles === null || freeFiles >= fewFiles) return []
  return [warning('disk', `only ${freeFiles} more files fit at ${path}`, `see what holds so many: df -i ${at}`)]
}

function sizeOf(bytes: number): string {
  return bytes < gibibyte ? `${Math.floor(bytes / mebibyte)} MiB` : `${(bytes / gibibyte).toFixed(1)} GiB`
}

/** Data that is not there although it was is most often a disk that is not mounted; a start would write beside it. */
export function checkData({ desired, look }: InstanceFacts, rooms: readonly Room[]): readonly Check[] {
  const dataDir = desired?.settings.core.dataDir
  const room = rooms.find(({ path }) => path === dataDir)
  if (desired === null || dataDir === undefined || room === undefined) return []
  const keeping = keepingData(desired, dataDir)
  if (room.isThere) return [room.isWritable ? ok('data', dataDir) : notWritable(room)]
  const setUp = keeping.filter((id) => look.setUp.includes(id))
  if (setUp.length > 0) {
    const message = `${dataDir} is not there, and ${listed(setUp)} was set up with data in it`
    return [error('data', message, 'mount its disk before anything starts: findmnt, mount -a')]
  }
  if (!room.isWritable) return [notWritable(room)]
  if (keeping.length === 0) return [ok('data', `${dataDir} is not there yet, and nothing that is declared keeps data`)]
  const hint = `stack doctor --fix makes it, as its owner; otherwise Docker does, as root`
  return [warning('data', `${dataDir} is not there yet`, hint, [{ kind: 'make-folder', path: dataDir }])]
}

function notWritable({ at }: Room): Check {
  return error('data', `this user may not write to ${at}`, `let the user that runs stack write there: ls -ld ${at}`)
}

/** Those that get a path in the data folder among their values. */
function keepingData({ stacklets }: Desired, dataDir: string): readonly string[] {
  const isInside = (text: string) => text === dataDir || text.startsWith(`${dataDir}/`)
  return stacklets.filter(({ env }) => env.values.some(({ text }) => isInside(text.reveal()))).map(({ id }) => id)
}
