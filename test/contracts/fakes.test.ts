import { describe } from 'vitest'
import { emptyBox } from '../support/fake/box.ts'
import { fakeSecrets } from '../support/fake/secrets.ts'
import { fakeFiles, fakeGood, fakeLedger, fakeRecords, fakeStandings } from '../support/fake/storage.ts'
import { promisesOfGoodVersions } from './good-versions.ts'
import { promisesOfInstanceFiles } from './instance-files.ts'
import { promisesOfLedger } from './ledger.ts'
import { promisesOfRunRecords } from './run-records.ts'
import { promisesOfSecretStore } from './secret-store.ts'
import { promisesOfStandings } from './standings.ts'

const asListed = <Item>(items: readonly Item[]): readonly Item[] => items

describe('the machine in memory keeps what the real one promises', () => {
  promisesOfLedger(() => fakeLedger(emptyBox(), asListed))
  promisesOfSecretStore(() => fakeSecrets(emptyBox(), asListed))
  promisesOfRunRecords(() => fakeRecords(emptyBox()))
  promisesOfStandings(() => fakeStandings(emptyBox(), asListed))
  promisesOfGoodVersions(() => fakeGood(emptyBox()))
  promisesOfInstanceFiles(() => {
    const box = emptyBox()
    return { files: fakeFiles(box, asListed), dataDir: '/data', addData: (id) => void box.data.add(id) }
  })
})
