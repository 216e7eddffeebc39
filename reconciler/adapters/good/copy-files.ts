import { constants } from 'node:fs'
import { chmod, copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Copies files by path from one folder into another, with their modes; links as links. What is not there, or no file, is left out. */
export async function copyFiles(paths: readonly string[], from: string, to: string): Promise<void> {
  for (const path of paths) {
    const stats = await lstat(join(from, path)).catch(orGone)
    if (stats === null || !(stats.isFile() || stats.isSymbolicLink())) continue
    await mkdir(dirname(join(to, path)), { recursive: true })
    if (stats.isSymbolicLink()) await symlink(await readlink(join(from, path)), join(to, path))
    else {
      await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE)
      await chmod(join(to, path), stats.mode & 0o777)
    }
  }
}

function orGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
