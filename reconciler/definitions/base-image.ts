import { parseImageReference } from '../lib/image-reference.ts'

interface Stage {
  readonly from: string
  readonly name: string | null
}

/**
 * What the last stage of a Dockerfile is built upon, in the end: the image whose new version is a new image. Null where it is
 * `scratch`, or where a variable says it.
 */
export function baseImage(dockerfile: string): string | null {
  const stages = stagesIn(dockerfile)
  let stage = stages.at(-1)
  for (let hops = 0; stage !== undefined && hops < stages.length; hops += 1) {
    const { from }: Stage = stage
    const next: Stage | undefined = stages.find(({ name }) => name === from.toLowerCase())
    if (next === undefined || next === stage) break
    stage = next
  }
  const from = stage?.from ?? 'scratch'
  return from === 'scratch' || parseImageReference(from) === null ? null : from
}

function stagesIn(text: string): readonly Stage[] {
  const joined = text.replaceAll(/\\[ \t]*\r?\n/g, ' ')
  const lines = joined.matchAll(/^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?[ \t]*$/gim)
  return [...lines].map(([, from = '', name]) => ({ from, name: name?.toLowerCase() ?? null }))
}
