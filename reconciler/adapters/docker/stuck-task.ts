/**
 * What Docker 20.10 says when it starts a container whose start outlived an engine that died: containerd has a task under its id,
 * and the engine knows of none. Trying again never helps; a new container has another id.
 */
const shapes: readonly RegExp[] = [/task [0-9a-f]{64}: already exists/, /\bid already in use\b/]

export function isStuck(words: string): boolean {
  return shapes.some((shape) => shape.test(words))
}

export const stuckHint =
  'the engine died while it started this container; run it again: it is made anew, with its volumes'
