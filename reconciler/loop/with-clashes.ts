import { type Claimant, checkClaims } from '../definitions/check-claims.ts'
import type { LedgerEntry } from '../model/actual.ts'
import type { ComposeProject } from '../model/compose-project.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import type { Stacklet } from '../model/stacklet.ts'

type Ledger = Readonly<Record<string, LedgerEntry>>

/**
 * Stacklets that are declared running and claim one thing of the host get an error each. The one that has it already goes on:
 * a newcomer never stalls what runs.
 */
export function withClashes(stacklets: readonly DesiredStacklet[], ledger: Ledger): readonly DesiredStacklet[] {
  const active = stacklets.filter(({ state }) => state === 'running' || state === 'paused')
  const clashes = checkClaims(active.flatMap(asDeclared))
  if (clashes.length === 0) return stacklets
  return stacklets.map((wanted) => {
    const own = clashes.filter(({ about }) => about === wanted.id)
    if (own.length === 0 || hasItAlone(wanted, active, ledger)) return wanted
    return { ...wanted, problems: [...wanted.problems, ...own] }
  })
}

function hasItAlone(wanted: DesiredStacklet, active: readonly DesiredStacklet[], ledger: Ledger): boolean {
  const before = active.map((one) => ({ id: one.id, claims: claimant(one.stacklet, ledger[one.id]?.project ?? null) }))
  const own = before.find(({ id }) => id === wanted.id)?.claims ?? []
  const others = active.filter((one) => one !== wanted)
  const isAbout = ({ about }: { readonly about: string | null }): boolean => about === wanted.id
  const hadIt = checkClaims([...own, ...others.flatMap(asDeclared)]).some(isAbout)
  return hadIt && !checkClaims(before.flatMap(({ claims }) => claims)).some(isAbout)
}

function asDeclared({ stacklet, project }: DesiredStacklet): readonly Claimant[] {
  return claimant(stacklet, project)
}

function claimant(stacklet: Stacklet, project: ComposeProject | null): readonly Claimant[] {
  return project === null ? [] : [{ stacklet, project }]
}
