/** Who acts when a command comes from the terminal of the machine itself: whoever has that terminal has the data as well, so no password is asked. */
import type { Actor, Role } from '../context.ts'
import { inKernel } from '../db.ts'
import { refuse } from '../errors.ts'
import { identityTables as of } from './store.ts'

/** A member by organisation and address; without an address the first owner, without an organisation the only one. */
export async function memberForCommand(organisation?: string, email?: string): Promise<{ org: string; actor: Actor }> {
  const rows = await inKernel(db =>
    of({ db })
      .selectFrom('membership as m')
      .innerJoin('organisation as o', 'o.id', 'm.org')
      .innerJoin('account as a', 'a.id', 'm.account')
      .select(['m.org', 'm.account', 'm.person', 'm.role', 'o.slug', 'a.email'])
      .where('m.suspended_at', 'is', null)
      .where('a.suspended_at', 'is', null)
      .where(at => (email ? at('a.email', '=', email.trim().toLowerCase()) : at('m.role', '=', 'owner')))
      .orderBy('m.created_at')
      .execute(),
  )
  const slugs = [...new Set(rows.map(({ slug }) => slug))]
  if (!organisation && slugs.length > 1) refuse('invalid', 'kernel.whichOrganisation', { names: slugs.slice(0, 20).join(', ') })
  const found = rows.find(({ slug, org }) => !organisation || slug === organisation || org === organisation)
  if (!found) refuse('notFound', 'kernel.noSuchMember', { email: email ?? '–', organisation: organisation ?? '–' })
  return { org: found.org, actor: { kind: 'person', account: found.account, person: found.person, role: found.role as Role, via: 'cli' } }
}
