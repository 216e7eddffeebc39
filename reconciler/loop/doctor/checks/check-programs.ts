import { type Check, error, listed, ok, warning } from '../../../model/check.ts'
import type { Stacklet } from '../../../model/stacklet.ts'
import type { Programs } from '../../../ports/machine.ts'
import type { Facts } from '../facts.ts'

const oldestNode = '20.19'
/** The first git that is told the name of the first branch. */
const oldestGit = '2.28'
/** The first Python that reads TOML by itself. */
const oldestPython = '3.11'

export function checkNode({ programs }: Facts): readonly Check[] {
  if (isAtLeast(programs.node, oldestNode)) return [ok('node', `Node ${programs.node}`)]
  const message = `Node ${programs.node} is too old: stack needs ${oldestNode} or newer`
  return [error('node', message, 'install a newer one, from nodejs.org or a package of your system')]
}

/** What we call ourselves is always needed; what runs hooks, only where a stacklet here has some. */
export function checkPrograms({ programs, place }: Facts): readonly Check[] {
  const desired = place.kind === 'instance' ? place.desired : null
  const here = [...(desired?.stacklets ?? []).map((one) => one.stacklet), ...(desired?.undeclared ?? [])]
  const found = [gitOf(programs), flockOf(programs), ...bashFor(here, programs), ...pythonFor(here, programs)]
  const wrong = found.filter((one) => typeof one !== 'string')
  return wrong.length > 0 ? wrong : [ok('programs', found.join(', '))]
}

function gitOf({ git }: Programs): Check | string {
  if (git === null) return error('programs', 'git is not in PATH', 'install it: apt-get install git')
  if (isAtLeast(git, oldestGit)) return `git ${git}`
  return error('programs', `git ${git} is too old: stack needs ${oldestGit} or newer`, 'install a newer one')
}

function flockOf({ flock }: Programs): Check | string {
  if (flock !== null) return `flock ${flock}`
  return error('programs', 'flock is not in PATH: no run can lock this host', 'install it: apt-get install util-linux')
}

function bashFor(stacklets: readonly Stacklet[], { bash }: Programs): readonly (Check | string)[] {
  const needing = stacklets.filter((one) => hasProgram(one, '.sh') || one.kind === 'host').map((one) => one.id)
  if (needing.length === 0) return []
  if (bash !== null) return [`bash ${bash}`]
  return [error('programs', `bash is not in PATH, and ${listed(needing)} needs it`, 'install it: apt-get install bash')]
}

function pythonFor(stacklets: readonly Stacklet[], { python }: Programs): readonly (Check | string)[] {
  const needing = stacklets.filter((one) => hasProgram(one, '.py')).map((one) => one.id)
  if (needing.length === 0) return []
  if (python === null) {
    const message = `python3 is not in PATH, and ${listed(needing)} has hooks or commands in Python`
    return [error('programs', message, 'install it: apt-get install python3')]
  }
  if (isAtLeast(python, oldestPython)) return [`python3 ${python}`]
  const message = `python3 ${python} has no tomllib: hooks of ${listed(needing)} that read TOML need ${oldestPython}`
  return [warning('programs', message, 'install a newer one, or the package tomli: apt-get install python3-tomli')]
}

function hasProgram({ files }: Stacklet, extension: string): boolean {
  return Object.keys(files).some((path) => /^(?:hooks|cli)\//.test(path) && path.endsWith(extension))
}

/** Compares number by number. A program that does not tell its version is taken as it is. */
export function isAtLeast(version: string, oldest: string): boolean {
  if (!/^\d/.test(version)) return true
  const [have, need] = [version, oldest].map((text) => text.split('.').map(Number))
  for (const [place, wanted] of (need ?? []).entries()) {
    const number = have?.[place] ?? 0
    if (number !== wanted) return number > wanted
  }
  return true
}
