import type { Actual } from '../model/actual.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import { sharedNetwork } from './shared-network.ts'
import { type Deadlock, isDeadlock, isMerge, type Merge, mergeOf } from './twins.ts'

/** Networks of a stacklet's project that are there more than once, each with what makes it one. */
export function ownMerges(wanted: DesiredStacklet, actual: Actual): readonly Merge[] {
  return ownTwins(wanted, actual).filter(isMerge)
}

/** The same for the network that all stacklets share: whoever made it, one is enough. */
export function sharedMerge(actual: Actual): Merge | null {
  const found = sharedTwins(actual)
  return isMerge(found) ? found : null
}

/** The first network that this stacklet needs, that is there more than once, and that we may not make one. */
export function deadlockOf(wanted: DesiredStacklet, actual: Actual): Deadlock | null {
  const isSharing = wanted.project?.networks.some(({ name, external }) => external && name === sharedNetwork) === true
  const all = [...(isSharing ? [sharedTwins(actual)] : []), ...ownTwins(wanted, actual)]
  return all.find(isDeadlock) ?? null
}

function ownTwins({ project }: DesiredStacklet, actual: Actual): readonly (Merge | Deadlock | null)[] {
  if (project === null) return []
  const owner = {
    owns: (twin: Actual['twins'][number]) =>
      twin.project === project.name && (twin.instance === null || twin.instance === actual.instance),
    // Compose refuses a network of its own that does not bear its labels.
    mayBeForeign: false,
  }
  return project.networks.filter(({ external }) => !external).map(({ name }) => mergeOf(name, owner, actual))
}

function sharedTwins(actual: Actual): Merge | Deadlock | null {
  const owns = ({ instance }: Actual['twins'][number]) => instance !== null && instance === actual.instance
  return mergeOf(sharedNetwork, { owns, mayBeForeign: true }, actual)
}
