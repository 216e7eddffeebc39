/** Names that must not be mistaken for one another: each is a string that has been checked once, where it entered. */
declare const brand: unique symbol
type Brand<Name extends string> = string & { readonly [brand]: Name }

/** The name of a stacklet: its directory, its CLI word, its prefix in secrets. */
export type StackletId = Brand<'StackletId'>
/** A git commit, 40 hex digits. */
export type Revision = Brand<'Revision'>
/** A content hash, hex. Equal digests mean equal content. */
export type Digest = Brand<'Digest'>
/** One pass of the reconciler, sortable by time. */
export type RunId = Brand<'RunId'>
/** What `approve` and a plan's reader call a step by: `start photos`. */
export type StepId = Brand<'StepId'>

/** Built-in command names, today's and later ones. A stacklet with such an id could never be addressed. */
export const reservedIds: readonly string[] = [
  ...['init', 'doctor', 'list', 'status', 'ps', 'validate', 'plan', 'reconcile', 'daemon', 'up', 'down', 'pause'],
  ...['unpause', 'restart', 'setup', 'destroy', 'uninstall', 'hold', 'release', 'why', 'history', 'rollback'],
  ...['approve', 'adopt', 'update', 'logs', 'exec', 'env', 'secrets', 'config', 'version', 'completion', 'help', 'all'],
  ...['create', 'start', 'stop', 'delete', 'deploy', 'remove', 'search', 'def', 'compile', 'backup', 'backups'],
  ...['restore-backup', 'serve', 'rpc', 'global'],
]

const shapeOfId = /^[a-z0-9][a-z0-9_-]{0,62}$/

/** Whether a text may name a stacklet: lower case letters, digits, `_` and `-`, at most 63, beginning with a letter or digit. */
export function isStackletId(text: string): text is StackletId {
  return shapeOfId.test(text)
}
