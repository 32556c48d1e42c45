import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { MemberRole } from '#social/graph/words.ts'
import type { Space, SpaceAudience } from './words.ts'

interface SpaceTable {
  id: string
  name: string
  slug: string
  about: string
  audience: SpaceAudience
  created_by: string | null
  created_at: Date
  archived_at: Date | null
}

const of = tables<{ space: SpaceTable; member_of: { person: string; space: string; role: MemberRole } }>()

const shown = ['space.id', 'space.name', 'space.slug', 'space.about', 'space.audience', 'space.archived_at as archivedAt'] as const

/** What the reader is in the space: the strongest of all own records (`keeper` comes before `member`). */
const mine = (self: string[]) => sql<MemberRole | null>`
  (select min(m.role) from member_of m where m.person = any(${self}::uuid[]) and m.space = space.id)`

const seen = (self: string[], manages: boolean) =>
  sql<boolean>`(space.audience <> 'members' or ${manages} or exists (select from member_of m where m.person = any(${self}::uuid[]) and m.space = space.id))`

/** Those that the reader may see, by name; with `manages` all. */
export const visible = (ctx: Ctx, self: string[], manages: boolean, archived: boolean): Promise<Space[]> =>
  of(ctx)
    .selectFrom('space')
    .select(shown)
    .select(mine(self).as('role'))
    .where('archived_at', archived ? 'is not' : 'is', null)
    .where(seen(self, manages))
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(500)
    .execute()

/** Those of them that somebody belongs to. */
export const belonging = (ctx: Ctx, person: string[], self: string[], manages: boolean): Promise<Space[]> =>
  of(ctx)
    .selectFrom('space')
    .select(shown)
    .select(mine(self).as('role'))
    .where('archived_at', 'is', null)
    .where('id', 'in', from => from.selectFrom('member_of').select('space').where('person', 'in', person))
    .where(seen(self, manages))
    .orderBy(sql`lower(name)`)
    .limit(50)
    .execute()

export const find = (ctx: Ctx, self: string[], by: { id: string } | { slug: string }): Promise<Space | undefined> =>
  of(ctx)
    .selectFrom('space')
    .select(shown)
    .select(mine(self).as('role'))
    .where('id' in by ? 'id' : 'slug', '=', 'id' in by ? by.id : by.slug)
    .executeTakeFirst()

export const add = (ctx: Ctx, space: SpaceTable) => of(ctx).insertInto('space').values(space).execute()

export const slugTaken = async (ctx: Ctx, slug: string): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('space').select('id').where('slug', '=', slug).executeTakeFirst())

export const change = (ctx: Ctx, id: string, to: Partial<Pick<SpaceTable, 'name' | 'about' | 'audience' | 'archived_at'>>) =>
  of(ctx).updateTable('space').set(to).where('id', '=', id).execute()
