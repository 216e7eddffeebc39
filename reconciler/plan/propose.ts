import type { Change, ProposedStep, Step } from './step.ts'

/** A step as a rule asks for it. */
export function propose<Asked extends Step>(
  step: Asked,
  changes: readonly Change[] = [],
): ProposedStep & { readonly step: Asked } {
  return { step, changes }
}
