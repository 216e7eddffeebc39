import { describe, expect, it } from 'vitest'

import type { StackletId } from '../../reconciler/model/names.ts'
import { Secret } from '../../reconciler/model/secret.ts'
import type { InstanceFiles } from '../../reconciler/ports/instance-files.ts'

export interface FilesBench {
  readonly files: InstanceFiles
  readonly dataDir: string
  /** Puts a data folder there for the stacklet. */
  addData(id: StackletId): void
}

const photos = 'photos' as StackletId
const at = new Date('2026-11-21T03:00:12.345Z')

/** What every InstanceFiles promises, whatever it keeps its files in. */
export function promisesOfInstanceFiles(make: () => FilesBench): void {
  describe('promises of InstanceFiles', () => {
    it('sees nothing where nothing was written', async () => {
      const { files, dataDir } = make()

      expect(await files.look([photos], dataDir)).toEqual({
        photos: {
          env: null,
          isSetUp: false,
          finishedHooks: [],
          startedServices: [],
          startedHook: null,
          hasData: false,
        },
      })
      expect((await files.paths(photos)).document).toBeNull()
      expect(await files.trash(photos, dataDir, at)).toBeNull()
    })

    it('sees what was written, and no longer what was removed', async () => {
      const { files, dataDir } = make()
      await files.write('env', photos, new Secret('A="è"\n'))
      await files.write('marker', photos, new Secret('now\n'))
      await files.write('document', photos, new Secret('services: {}\n'))

      expect((await files.look([photos], dataDir))['photos']).toEqual({
        env: 'f9dd1af2a4870e478b38a469371ba67725a0284bb26834a2b87422f867f8b819',
        isSetUp: true,
        finishedHooks: [],
        startedServices: [],
        startedHook: null,
        hasData: false,
      })
      expect((await files.paths(photos)).document).toMatch(/\.stack\/compose\/photos\.yml$/)

      for (const file of ['env', 'marker', 'progress', 'services', 'hook', 'document'] as const)
        await files.remove(file, photos)

      expect((await files.look([photos], dataDir))['photos']).toEqual({
        env: null,
        isSetUp: false,
        finishedHooks: [],
        startedServices: [],
        startedHook: null,
        hasData: false,
      })
      expect((await files.paths(photos)).document).toBeNull()
    })

    it('removes what is not there without complaint', async () => {
      await expect(make().files.remove('env', photos)).resolves.toBeUndefined()
    })

    it('looks at those it was asked for and no others', async () => {
      const { files, dataDir } = make()
      await files.write('env', 'other' as StackletId, new Secret(''))

      expect(Object.keys(await files.look([photos], dataDir))).toEqual(['photos'])
    })

    it('moves data to a place of its own in the trash, each time', async () => {
      const { files, addData, dataDir } = make()
      addData(photos)
      const first = await files.trash(photos, dataDir, at)
      addData(photos)
      const second = await files.trash(photos, dataDir, at)

      expect(first).toMatch(/\/\.trash\/photos-20261121T030012Z$/)
      expect(second).toMatch(/\/\.trash\/photos-20261121T030012Z-.+$/)
      expect((await files.look([photos], dataDir))['photos']?.hasData).toBe(false)
    })
  })
}
