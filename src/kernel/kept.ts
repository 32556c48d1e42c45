/** What the kernel itself keeps of people: sign-ins, files, answers to repeated requests, work that waits. */
import { sql } from 'kysely'
import type { Ctx } from './context.ts'
import { forgetJobs } from './jobs.ts'
import { idsOnly, keeps, nobody } from './keeps.ts'

const ofAccount = { account: 'account' }

/** An account of several organisations stays with those that it is still a member of. */
async function leaveAccounts(ctx: Ctx, people: readonly string[]): Promise<void> {
  await sql`select account_left(account) from membership where person = any(${people}::uuid[])`.execute(ctx.db)
}

export const kept = keeps(
  {
    organisation: nobody,
    installation: nobody,
    data_key: nobody,
    migration: nobody,
    membership: { of: { person: 'person' }, key: 'account', leads: { account: 'account' }, with: 'account', theme: 'access' },
    // By `erase`: what belongs to other organisations too is not this one's to take.
    account: { of: { id: 'account' }, with: 'membership', hide: ['password', 'totp_secret', 'totp_last_step'], theme: 'access' },
    session: { of: ofAccount, with: 'account', hide: ['token_hash'], theme: 'access' },
    recovery_code: { of: ofAccount, with: 'account', hide: true },
    one_time_token: { of: ofAccount, with: 'account', hide: true },
    api_key: { of: ofAccount, with: 'account', hide: ['hash'], theme: 'access' },
    // For a day; by `erase`.
    idempotency: nobody,
    audit: { of: { person: 'person' }, stays: 'kernel.auditStays', plain: ['via', 'action', 'about'], theme: 'traces' },
    // Goes once nothing names it any longer.
    file: { of: { id: 'file' }, stays: 'kernel.filesGo', theme: 'conversations' },
    // Named after files; what has ended is forgotten by `erase`.
    task_progress: idsOnly('kind', 'title', 'note', 'failure'),
    closed: nobody,
    admitted: { of: { person: 'person' }, theme: 'access' },
  },
  async (ctx, { people, needles }) => {
    const names = [...people, ...needles]
    await sql`delete from idempotency where exists (select from unnest(${names}::text[]) as n(name) where strpos(answer, n.name) > 0)`.execute(
      ctx.db,
    )
    await sql`delete from task_progress where ended_at is not null`.execute(ctx.db)
    await forgetJobs(ctx, names)
    await leaveAccounts(ctx, people)
  },
)
