import { compareShapes, isStepUp, type Stride, tagShape } from '../../lib/tag-shape.ts'
import type { UpdatePolicy } from '../../model/update.ts'

/** Whether newer tags count at all: a moving tag is followed by its digest alone, whatever the channel. */
export function followsTags({ channel }: UpdatePolicy, tag: string | null): boolean {
  return tag !== null && strideOf(channel) !== null && tagShape(tag) !== null
}

/** Those of a registry's tags that a service may go on to, newest first. */
export function newerTags(tag: string, all: readonly string[], policy: UpdatePolicy): readonly string[] {
  const stride = strideOf(policy.channel)
  const from = tagShape(tag)
  if (stride === null || from === null) return []
  const include = policy.include === null ? null : new RegExp(policy.include, 'u')
  const exclude = policy.exclude === null ? null : new RegExp(policy.exclude, 'u')
  const wanted = all.filter((one) => include?.test(one) !== false && exclude?.test(one) !== true)
  const shaped = wanted.flatMap((text) => {
    const shape = tagShape(text)
    return shape !== null && isStepUp(from, shape, stride) ? [{ text, shape }] : []
  })
  return shaped.sort((one, other) => compareShapes(other.shape, one.shape)).map(({ text }) => text)
}

function strideOf(channel: UpdatePolicy['channel']): Stride | null {
  return channel === 'patch' || channel === 'minor' || channel === 'major' ? channel : null
}
