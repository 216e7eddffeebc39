/** What hooks and commands in TypeScript import: `import type { HookContext } from 'stackloop/sdk'`. */
export type { Command, CommandConfig, CommandStacklet } from './command.ts'
export type {
  CommandResult,
  HookContext,
  HttpOptions,
  Setting,
  StackUser,
  StackView,
} from './hook-context.ts'
export { HttpError } from './runner/ask-http.ts'
