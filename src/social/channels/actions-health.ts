/** How an account fares, written down in passing: when it last worked, what its network allows still, and what its server takes. */
import { now } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { log } from '#kernel/log.ts'
import { type Opened, openAccount } from './actions.ts'
import { isStale, merged } from './rules.ts'
import * as store from './store.ts'
import type { Channel, Limits } from './words.ts'

/** What this account takes when it says something to everybody, or answers: as its own server says it, else as its network does. */
export function limitsOf(
  { row, channel }: { row: Pick<store.AccountRow, 'limits'>; channel: Pick<Channel, 'can'> },
  way: 'publish' | 'converse',
): Limits | undefined {
  const usual = channel.can[way]?.limits
  return usual && merged(usual, row.limits?.[way])
}

const minute = 60_000
const written = new Map<string, number>()

/** Its network did what was asked; kept at most once a minute. No transaction is open, as its server may be asked what it takes. */
export async function fares(org: string, id: string): Promise<void> {
  const at = now()
  const before = written.get(id)
  if (before !== undefined && Math.abs(at.getTime() - before) < minute) return
  if (written.size > 10_000) written.clear()
  written.set(id, at.getTime())
  const opened = await asSystem(org, ctx => openAccount(ctx, id))
  if (opened && !opened.row.removed_at) await write(org, opened, at)
}

async function write(org: string, { row, channel, account }: Opened, at: Date): Promise<void> {
  const quota = channel.quota?.(account)
  const told = quota && { quota_left: quota.left, quota_of: quota.of ?? null, quota_until: quota.until }
  const limits = isStale(row.limits_at, at) ? await limitsFor({ row, channel, account }) : undefined
  const change = { succeeded_at: at, ...told, ...(limits !== undefined && { limits, limits_at: at }) }
  await asSystem(org, ctx => store.changeAccount(ctx, row.id, change))
}

/** As the server says them now; those of before when it does not. Undefined for a network whose limits are the same everywhere. */
async function limitsFor({ row, channel, account }: Opened): Promise<store.KeptLimits | null | undefined> {
  const { publish, converse } = channel.can
  if (!publish?.limitsFor && !converse?.limitsFor) return undefined
  try {
    return { publish: await publish?.limitsFor?.(account), converse: await converse?.limitsFor?.(account) }
  } catch (error) {
    log.warn({ err: error, account: row.id }, 'what its server takes could not be asked')
    return row.limits
  }
}
