/** Where the engine keeps the data of its volumes, absolute, on this machine. Those that are not there, or elsewhere, are left out. */
export type VolumePlaces = (names: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, string>>
