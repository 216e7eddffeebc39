import { StackError } from '../../model/errors.ts'
import type { Log } from '../../ports/log.ts'

export interface PinoLogOptions {
  /** `STACK_LOG`; without it nothing is logged. */
  readonly level: string | undefined
  /** Takes known secrets out of a line before it is written. */
  readonly scrub?: (line: string) => string
  /** Where lines go; stderr unless a test wants them. */
  readonly fd?: number
}

const levels = ['trace', 'debug', 'info', 'warn', 'error']

const silence: Log = { debug: () => {}, info: () => {}, warn: () => {} }

/** JSON lines on stderr, written before the call returns. pino is loaded only when there is something to log. */
export async function pinoLog({ level = '', scrub = (line) => line, fd = 2 }: PinoLogOptions): Promise<Log> {
  if (level === '') return silence
  if (!levels.includes(level)) throw unknownLevel(level)

  const { pino } = await import('pino')
  const logger = pino({ level, base: null, hooks: { streamWrite: scrub } }, pino.destination({ dest: fd, sync: true }))
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
  }
}

function unknownLevel(level: string): StackError {
  return new StackError('STACK_USAGE', `STACK_LOG is ${JSON.stringify(level)}, which is no level`, {
    hint: `set it to one of ${levels.join(', ')}, or not at all`,
    terminal: true,
  })
}
