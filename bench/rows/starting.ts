import { stackCommand } from '../../demo/places.ts'
import type { Row } from '../row.ts'

/** How long a command takes that has next to nothing to do, beside Node itself. */
export function starting(key: string, words: readonly string[], atMost: number): Row {
  return {
    key,
    name: `stack ${words.join(' ')}`,
    goals: [{ side: 'node -e 0', atMost }],
    setup: async ({ call, folder }) => ({
      sides: [
        { name: `stack ${words.join(' ')}`, work: () => call([...stackCommand(), ...words], folder) },
        { name: 'node -e 0', work: () => call([process.execPath, '-e', '0'], folder) },
      ],
      cleanUp: async () => {},
    }),
  }
}
