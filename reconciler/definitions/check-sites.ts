import type { StackletId } from '../model/names.ts'
import { formatPosition, type Problem, type SourcePosition } from '../model/problem.ts'
import type { Site } from '../model/route.ts'

/** A site, whose it is, and where that was written. */
export interface SiteClaim {
  readonly id: StackletId
  readonly site: Site
  readonly at: SourcePosition
  /** Whether it is served for this stacklet already: a newcomer never stalls what runs. */
  readonly isServed: boolean
}

/**
 * A host belongs to one stacklet, or each of its paths to one. An error at each of those who claim the same, naming the other; where
 * one of them has it already, at the newcomer alone.
 */
export function checkSites(claims: readonly SiteClaim[]): readonly Problem[] {
  return claims.flatMap((claim) => {
    const rivals = claims.filter((other) => other.id !== claim.id && meet(claim, other))
    const rival = claim.isServed ? rivals.find((one) => one.isServed) : rivals[0]
    return rival === undefined ? [] : [clash(claim, rival)]
  })
}

function meet({ site }: SiteClaim, { site: other }: SiteClaim): boolean {
  if (site.host !== other.host) return false
  return site.path === other.path || site.path === '' || other.path === ''
}

function clash(claim: SiteClaim, rival: SiteClaim): Problem {
  const name = claim.site.host + claim.site.path
  const both = name === rival.site.host + rival.site.path
  const words = both
    ? `${claim.id} and ${rival.id} both claim ${name}`
    : `${claim.id} claims ${name}, and ${rival.id} claims ${rival.site.host}${rival.site.path}: a host has one owner, or each of its paths has`
  const hint = 'give one of them another host, or each a path of its own'
  return {
    level: 'error',
    code: 'duplicate',
    message: `${words}, see ${formatPosition(rival.at)}`,
    hint,
    at: claim.at,
    about: claim.id,
  }
}
