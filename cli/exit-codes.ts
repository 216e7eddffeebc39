/** The exit codes of the contract, and what a shell expects after a signal. */
export const exitCodes = {
  done: 0,
  failed: 1,
  pending: 2,
  held: 2,
  usage: 64,
  interrupted: 130,
  terminated: 143,
} as const
