/** Log lines for people who look at a terminal; programs get JSON. */

const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }

interface Line {
  level: number
  time: string
  msg?: string
  err?: { stack?: string; message?: string }
  [field: string]: unknown
}

/** `06:03:26 warn  The database is back  after=2` and, of an error, its stack. */
export function readable(json: string): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(json) as Line
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const line = [time.slice(11, 19), (levels[level] ?? String(level)).padEnd(5), msg, ...rest].filter(Boolean).join(' ')
  return err ? `${line}\n${err.stack ?? err.message ?? ''}\n` : `${line}\n`
}

/** Where pino writes instead of straight to standard output. */
export const readableLines = { write: (json: string): boolean => process.stdout.write(readable(json)) }
