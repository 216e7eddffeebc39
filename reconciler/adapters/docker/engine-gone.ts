/** How Compose says that the engine went away under it, or was not there: nothing of that is the fault of what it was to start. */
const words =
  /Cannot connect to the Docker daemon|error during connect:|(?:connection reset by peer|broken pipe|unexpected EOF|": EOF)\s*$/m

export function saysEngineIsGone(stderr: string): boolean {
  return words.test(stderr)
}
