import { scrubber } from '../../lib/scrub.ts'
import type { Secret } from '../../model/secret.ts'
import type { SecretStore } from '../../ports/secret-store.ts'

export interface KnownSecrets {
  /** The same store. What goes through it is known from then on, also after it was changed or removed. */
  readonly store: SecretStore
  /** A text with `***` in place of every value known by now. */
  readonly scrub: (text: string) => string
}

/** Nothing of ours can show a secret that it has not read, so what was read is what has to be hidden. */
export function knownSecrets(store: SecretStore): KnownSecrets {
  const { scrub, learn } = scrubber()
  const learnt = (secrets: Readonly<Record<string, Secret>>): Readonly<Record<string, Secret>> => {
    for (const secret of Object.values(secrets)) learn(secret.reveal())
    return secrets
  }
  return {
    scrub,
    store: {
      ...store,
      read: async () => learnt(await store.read()),
      set: (name, value, signal) => {
        learn(value.reveal())
        return store.set(name, value, signal)
      },
    },
  }
}
