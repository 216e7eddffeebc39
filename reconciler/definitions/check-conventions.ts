import type { DesiredStacklet } from '../model/desired.ts'
import type { Problem } from '../model/problem.ts'
import { readComposeSource } from './conventions/compose-source.ts'
import type { Convention, ConventionFacts } from './conventions/convention.ts'
import { checkHealthchecks } from './conventions/health.ts'
import { checkImageTag } from './conventions/images.ts'
import { checkUpdateLabel } from './conventions/labels.ts'
import { checkMountedFiles, checkMounts } from './conventions/mounts.ts'
import { checkNames, checkProjectName } from './conventions/names.ts'
import { checkNetwork } from './conventions/network.ts'
import { checkDeclaredPort, checkPorts } from './conventions/ports.ts'
import { checkRestart } from './conventions/restart.ts'
import { checkPlainDefaults, checkPlainSecrets } from './conventions/secrets.ts'
import { interpolate } from './interpolate.ts'

const conventions: readonly Convention[] = [
  checkNames,
  checkImageTag,
  checkNetwork,
  checkPorts,
  checkMounts,
  checkMountedFiles,
  checkPlainSecrets,
  checkUpdateLabel,
  checkHealthchecks,
  checkRestart,
]

/** Where a stacklet departs from what everything around it relies on. Warnings, each with the line and the fix. */
export function checkConventions(wanted: DesiredStacklet, dataDir: string): readonly Problem[] {
  const { stacklet } = wanted
  const file = `${stacklet.path}/docker-compose.yml`
  const source = stacklet.compose === null ? null : readComposeSource(stacklet.compose, file)
  if (source === null) return checkPlainDefaults(stacklet)
  const facts: ConventionFacts = { stacklet, source, dataDir, filledIn: (text) => interpolate(text, valuesOf(wanted)) }
  const perService = source.services
    .filter(({ table }) => table['extends'] === undefined)
    .flatMap((service) => conventions.flatMap((convention) => convention(service, facts)))
  return [...checkPlainDefaults(stacklet), ...checkProjectName(facts), ...checkDeclaredPort(facts), ...perService]
}

/** What is filled in is shown: secrets are not. */
function valuesOf({ env }: DesiredStacklet): (name: string) => string | null {
  const values = new Map(env.values.map(({ name, text, isSecret }) => [name, isSecret ? '***' : text.reveal()]))
  return (name) => values.get(name) ?? null
}
