import { describe, expect, it } from 'vitest'
import { readSealedPlan, writeSealedPlan } from '../../reconciler/definitions/sealed-plan-text.ts'
import type { Digest, Revision, StackletId } from '../../reconciler/model/names.ts'
import type { SealedPlan } from '../../reconciler/model/sealed-plan.ts'

const plan: SealedPlan = {
  host: 'box',
  instance: 'abc' as Digest,
  revision: 'c0ffee10'.repeat(5) as Revision,
  only: ['photos' as StackletId],
  steps: [
    {
      id: 'start photos',
      kind: 'start',
      stacklet: 'photos',
      because: 'stopped',
      risk: 'safe',
      after: ['write-env photos'],
      changes: [{ field: 'env KEY', want: '***', got: null, cause: 'it is new' }],
      digest: '0123456789abcdef',
    },
  ],
  stacklets: { photos: { files: { 'docker-compose.yml': 'f00' }, inputs: { 'env KEY': 'ba5' }, applied: null } },
  containers: { 'stack-photos': { id: 'c1', state: 'exited', startedAtMs: 7, restarts: 0 } },
}
const written = writeSealedPlan(plan)

/** The same plan with another field, sealed anew by somebody who knows how. */
function resealed(fields: object): string {
  return writeSealedPlan({ ...plan, ...fields } as SealedPlan)
}

describe('the text of a sealed plan', () => {
  it('reads as it was written, and writes as it was read', () => {
    expect(readSealedPlan(written, 'p.json')).toMatchObject(plan)
    expect(readSealedPlan(JSON.stringify(JSON.parse(written)), 'p.json')).toMatchObject(plan)
  })

  it.each([
    ['nothing', '', 'p.json is no sealed plan'],
    ['no JSON', 'services: {}', 'p.json is no sealed plan'],
    ['half of it', written.slice(0, 200), 'p.json is no sealed plan'],
    ['another JSON', '{"version": 1, "steps": []}', 'p.json is no sealed plan'],
    ['a list', '[]', 'p.json is no sealed plan'],
    ['a step left out', resealed({ steps: null }), 'p.json is no sealed plan'],
    ['a short commit', resealed({ revision: 'c0ffee1' }), 'p.json is no sealed plan'],
    ['another format', written.replace('"format": 1', '"format": 2'), 'p.json was sealed by another version of stack'],
    ['a risk made small', written.replace('stopped', 'missing'), 'p.json was changed since it was sealed'],
    ['a seal made up', written.replace(/"seal": ".{4}/, '"seal": "0000'), 'p.json was changed since it was sealed'],
  ])('is refused when it is %s', (_, text, message) => {
    expect(() => readSealedPlan(text, 'p.json')).toThrow(
      expect.objectContaining({ code: 'STACK_PLAN_INVALID', message, hint: expect.stringContaining('--out') }),
    )
  })
})
