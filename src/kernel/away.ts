/** Failures that are nobody's mistake and pass by themselves: the database is down or starting, the disk is full. */
import { Refusal } from './errors.ts'

/** PostgreSQL: no connection, no resources (a full disk is 53100), shut down or starting. Systems: no connection, no space. */
const passing = /^(08...|53...|57P0[1-5]|58030|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOSPC|EDQUOT|EIO)$/
/** What `pg` says without a code when a connection ends under a statement. */
const cutOff = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/

/** A refusal that says to try again soon, where that is all there is to say; undefined for anything else. */
export function away(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', message, cause } = error as NodeJS.ErrnoException
  if (passing.test(String(code)) || cutOff.test(message)) return new Refusal('unavailable', 'kernel.away', {}, { retryAfter: 10 })
  return cause === error ? undefined : away(cause)
}
