import { pino } from 'pino'

/** The one log: structured, to standard output. Secrets never reach it; fields that could hold one are cut out by name. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? (process.env.NODE_TEST_CONTEXT ? 'error' : 'info'),
  redact: {
    paths: ['password', 'token', 'secret', '*.password', '*.token', '*.secret', 'authorization', 'cookie', '*.authorization', '*.cookie'],
    censor: '…',
  },
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
})
