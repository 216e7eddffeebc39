import { parseImageReference, repositoryOf } from '../../lib/image-reference.ts'
import type { DesiredStacklet } from '../../model/desired.ts'
import { type Channel, channels, type UpdatePolicy } from '../../model/update.ts'

/**
 * What holds for one service: its own table, else its stacklet's; where neither names a channel, the manifest's `[upstream]`,
 * which speaks of the one image that it names.
 */
export function policyFor({ update, stacklet }: DesiredStacklet, service: string, image: string): UpdatePolicy {
  const own = update.services[service] ?? update.whole
  if (own.channel !== null || stacklet.upstream === null) return own
  const { image: primary, channel } = stacklet.upstream
  return primary === '' || isSameRepository(primary, image) ? { ...own, channel: channelIn(channel) } : own
}

function isSameRepository(one: string, other: string): boolean {
  const [first, second] = [parseImageReference(one), parseImageReference(other)]
  return first !== null && second !== null && repositoryOf(first) === repositoryOf(second)
}

function channelIn(text: string): Channel | null {
  return channels.find((channel) => channel === text) ?? null
}
