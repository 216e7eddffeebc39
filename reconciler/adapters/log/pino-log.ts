import { StackError } from '../../model/errors.ts'
import type { Log } from '../../ports/log.ts'

export interface PinoLogOptions {
  /** `STACK_LOG`; without it nothing is logged. */
  readonly level: string | undefined
  /** Takes known secrets out of a line before it is written. */
  readonly scrub?: (line: string) => string
  /** Where lines go; stderr unless somebody wants them elsewhere. */
  readonly fd?: number
  /** For a person at a terminal: a line with a time and fields, no JSON. */
  readonly isPretty?: boolean
}

const levels = ['trace', 'debug', 'info', 'warn', 'error']

const silence: Log = { debug: () => {}, info: () => {}, warn: () => {} }

/** JSON lines on stderr, written before the call returns. pino is loaded only when there is something to log. */
export async function pinoLog({
  level = '',
  scrub = (line) => line,
  fd = 2,
  isPretty = false,
}: PinoLogOptions): Promise<Log> {
  if (level === '') return silence
  if (!levels.includes(level)) throw unknownLevel(level)

  const { pino } = await import('pino')
  const lines = isPretty ? await prettyLines(fd) : pino.destination({ dest: fd, sync: true })
  const logger = pino({ level, base: null, hooks: { streamWrite: scrub } }, lines)
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
  }
}

/** In our own process: another one would have to be found where everything is one file. */
async function prettyLines(fd: number) {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ destination: fd, sync: true, singleLine: true, translateTime: 'SYS:yyyy-mm-dd HH:MM:ss' })
}

function unknownLevel(level: string): StackError {
  return new StackError('STACK_USAGE', `STACK_LOG is ${JSON.stringify(level)}, which is no level`, {
    hint: `set it to one of ${levels.join(', ')}, or not at all`,
    terminal: true,
  })
}
