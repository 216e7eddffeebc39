import { writeSync } from 'node:fs'

/** The moments at which a process may die, by name: the third `before ledger.write photos` is its third time. */
export interface Places {
  /** Here it may die; at the chosen place it does. */
  readonly pass: (name: string) => void
  /** Whether it is to die the next time that it comes by here. */
  readonly isNext: (name: string) => boolean
  readonly seen: () => readonly string[]
}

/** `chosen`: `name #count`; null: nobody dies, everything is seen. */
export function places(chosen: string | null): Places {
  const counts = new Map<string, number>()
  const seen: string[] = []
  const nextOf = (name: string) => `${name} #${(counts.get(name) ?? 0) + 1}`
  return {
    pass(name) {
      const place = nextOf(name)
      counts.set(name, (counts.get(name) ?? 0) + 1)
      seen.push(place)
      if (place === chosen) die(place)
    },
    isNext: (name) => nextOf(name) === chosen,
    seen: () => seen,
  }
}

/** Not even a `finally` runs after this. */
function die(place: string): void {
  writeSync(2, `dies at ${place}\n`)
  process.kill(process.pid, 'SIGKILL')
  // The signal reaches this thread when it is next given the processor.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

/** A name that the next run of the program has as well: what is drawn or counted is left out. */
export function lasting(name: string): string {
  return name
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*')
    .replaceAll(/-[0-9a-f]{8}(?=__|\b)/g, '')
    .replaceAll(/\.\d{6,10}$/g, '.*')
    .replaceAll(/\d{8}T\d{6}Z(?:-\d+)?/g, '*')
}
