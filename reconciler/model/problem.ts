import type { StackletId } from './names.ts'

/** A place in a user's file. Lines and columns count from 1; 0 where only the file is known. */
export interface SourcePosition {
  /** Relative to the instance where the file is inside it, absolute otherwise. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a complaint is about; each is a heading in docs/errors.md. */
export const problemCodes = [
  'unreadable',
  'syntax',
  'type',
  'unknown-key',
  'missing-key',
  'value',
  'reserved-id',
  'bad-id',
  'id-mismatch',
  'outside-root',
  'unknown-stacklet',
  'requires-missing',
  'requires-not-running',
  'cycle',
  'route',
  'template',
  'unknown-variable',
  'compose',
  'unset-variable',
  'duplicate',
  'not-supported',
  'project-name',
  'container-name',
  'shared-network',
  'port-binding',
  'bind-mount',
  'plain-secret',
  'update-label',
  'health-check',
  'restart-policy',
  'floating-tag',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/**
 * One complaint about something a user wrote. Errors with `about: null` stall the whole run; errors about one stacklet
 * stall that stacklet and what depends on it; warnings stall nothing.
 */
export interface Problem {
  readonly level: 'error' | 'warning'
  readonly code: ProblemCode
  readonly message: string
  /** The edit or command that helps, in the imperative. */
  readonly hint: string
  readonly at: SourcePosition | null
  readonly about: StackletId | null
}

/** `desired/desired.toml:12:3`, or just the file where no line is known. */
export function formatPosition(at: SourcePosition): string {
  if (at.line === 0) return at.file
  return at.column === 0 ? `${at.file}:${at.line}` : `${at.file}:${at.line}:${at.column}`
}
