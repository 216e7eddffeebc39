/** A process that makes secrets, `secret-writer.ts INSTANCE NUMBER`, one of many started at once by the test beside it. */
import { tomlSecretStore } from '../../../reconciler/adapters/secrets/toml-secret-store.ts'
import { Secret } from '../../../reconciler/model/secret.ts'

const [instance = '', number] = process.argv.slice(2)
const { signal } = new AbortController()
const store = tomlSecretStore({ instance })

await store.ensure([{ name: `s${number}__A`, shape: 'service' }], signal)
await store.set(`s${number}__B`, new Secret(`b${number}`), signal)
await store.ensure([{ name: 'shared__ONCE', shape: 'service' }], signal)
process.stdout.write((await store.read())['shared__ONCE']?.reveal() ?? '')
