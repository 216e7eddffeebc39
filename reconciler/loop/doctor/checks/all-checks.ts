import type { Check } from '../../../model/check.ts'
import type { Facts } from '../facts.ts'
import { checkClock } from './check-clock.ts'
import { checkContainers } from './check-containers.ts'
import { checkCompose, checkEngine, checkNetwork } from './check-docker.ts'
import { checkCore, checkFiles, checkInstance, checkMarkers } from './check-files.ts'
import { checkPorts } from './check-ports.ts'
import { checkNode, checkPrograms } from './check-programs.ts'
import { checkRecords } from './check-records.ts'
import { checkIgnored, checkRemote, checkRepository } from './check-repository.ts'
import { checkData, checkDisk } from './check-room.ts'
import { checkEdit, checkLeftovers, checkRun, checkState } from './check-state.ts'

/** Every check that the facts allow, in the order in which a person would mend things. */
export function allChecks(facts: Facts): readonly Check[] {
  const { place, nowMs, rooms } = facts
  const machine = [...checkNode(facts), ...checkPrograms(facts), ...checkEngine(facts), ...checkCompose(facts)]
  if (place.kind === 'none') return [...machine, ...checkInstance(facts), ...checkDisk(facts)]
  return [
    ...machine,
    ...checkInstance(facts),
    ...checkFiles(place),
    ...checkRepository(place, nowMs),
    ...checkRemote(place),
    ...checkIgnored(place),
    ...checkState(place),
    ...checkRecords(place),
    ...checkRun(place),
    ...checkEdit(place),
    ...checkLeftovers(place, nowMs),
    ...checkMarkers(place),
    ...checkData(place, rooms),
    ...checkDisk(facts),
    ...checkClock(place, nowMs),
    ...checkNetwork(facts),
    ...checkPorts(facts, place),
    ...checkContainers(facts, place),
    ...checkCore(place),
  ]
}
