import { pino } from 'pino'
import { readableLines } from './log-lines.ts'

const forPeople = (process.env.LOG_FORMAT || (process.stdout.isTTY ? 'text' : 'json')) === 'text'

const wanted = process.env.LOG_LEVEL || (process.env.NODE_TEST_CONTEXT ? 'error' : 'info')

const options = {
  // A level that does not exist is told by the settings, which are read after this.
  level: wanted in pino.levels.values || wanted === 'silent' ? wanted : 'info',
  redact: {
    paths: ['password', 'token', 'secret', '*.password', '*.token', '*.secret', 'authorization', 'cookie', '*.authorization', '*.cookie'],
    censor: '…',
  },
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
}

/** The one log: structured, to standard output. Secrets never reach it; fields that could hold one are cut out by name. */
export const log = forPeople ? pino(options, readableLines) : pino(options)
