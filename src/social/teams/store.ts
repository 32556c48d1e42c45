import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Absence, Span, Team } from './words.ts'

interface TeamTable {
  id: string
  name: string
  about: string
  zone: string
  week: unknown
  holidays: unknown
  created_at: Date
  archived_at: Date | null
}

interface AbsenceTable {
  id: string
  person: string
  starts_at: Date
  ends_at: Date
  note: string
  removed_at: Date | null
}

const of = tables<{
  team: TeamTable
  team_member: { team: string; person: string; since: Date }
  skill: { person: string; skill: string; since: Date }
  absence: AbsenceTable
}>()

const shaped = ({ created_at: _at, archived_at, week, holidays, ...row }: TeamTable, members: string[]): Team => ({
  ...row,
  week: week as Span[][],
  holidays: holidays as string[],
  archivedAt: archived_at,
  members,
})

/** Those that work, and with `archived` all the others, by name. */
export async function all(ctx: Ctx, archived = false): Promise<Team[]> {
  const rows = await of(ctx)
    .selectFrom('team')
    .selectAll()
    .where('archived_at', archived ? 'is not' : 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
  const members = await of(ctx).selectFrom('team_member').select(['team', 'person']).orderBy('since').orderBy('person').execute()
  const byTeam = Map.groupBy(members, each => each.team)
  return rows.map(row =>
    shaped(
      row,
      (byTeam.get(row.id) ?? []).map(each => each.person),
    ),
  )
}

/** Also one that is archived; held until the end of the transaction. */
export async function one(ctx: Ctx, id: string): Promise<Team | undefined> {
  const row = await of(ctx).selectFrom('team').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) return undefined
  const members = await of(ctx)
    .selectFrom('team_member')
    .select('person')
    .where('team', '=', id)
    .orderBy('since')
    .orderBy('person')
    .execute()
  return shaped(
    row,
    members.map(each => each.person),
  )
}

type Kept = Pick<Team, 'name' | 'about' | 'zone' | 'week' | 'holidays'>
const written = ({ week, holidays, ...rest }: Kept) => ({ ...rest, week: JSON.stringify(week), holidays: JSON.stringify(holidays) })

export const add = (ctx: Ctx, id: string, team: Kept): Promise<unknown> =>
  of(ctx)
    .insertInto('team')
    .values({ id, ...written(team), created_at: ctx.now, archived_at: null })
    .execute()

export const change = (ctx: Ctx, id: string, team: Kept): Promise<unknown> =>
  of(ctx).updateTable('team').set(written(team)).where('id', '=', id).execute()

export const setArchived = (ctx: Ctx, id: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('team').set({ archived_at: at }).where('id', '=', id).execute()

/** Was anything changed? */
export async function join(ctx: Ctx, team: string, person: string): Promise<boolean> {
  const added = of(ctx).insertInto('team_member').values({ team, person, since: ctx.now })
  const { numInsertedOrUpdatedRows } = await added.onConflict(there => there.doNothing()).executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function leave(ctx: Ctx, team: string, person: string): Promise<boolean> {
  const { numDeletedRows } = await of(ctx)
    .deleteFrom('team_member')
    .where('team', '=', team)
    .where('person', '=', person)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function skills(ctx: Ctx, people: string[]): Promise<Map<string, string[]>> {
  const rows = people.length
    ? await of(ctx).selectFrom('skill').select(['person', 'skill']).where('person', 'in', people).orderBy('skill').execute()
    : []
  const groups = Map.groupBy(rows, each => each.person)
  return new Map(people.map(person => [person, (groups.get(person) ?? []).map(each => each.skill)]))
}

/** Those that stay keep the day on which they were noted. */
export async function setSkills(ctx: Ctx, person: string, wanted: string[]): Promise<void> {
  await sql`delete from skill where person = ${person} and not skill = any(${wanted}::text[])`.execute(ctx.db)
  await sql`insert into skill (person, skill, since) select ${person}, unnest(${wanted}::text[]), ${ctx.now} on conflict do nothing`.execute(
    ctx.db,
  )
}

const absenceColumns = ['id', 'person', 'starts_at as startsAt', 'ends_at as endsAt', 'note'] as const

/** Those that are not over, of these people, the next first. */
export const absences = (ctx: Ctx, people: string[]): Promise<Absence[]> =>
  people.length
    ? of(ctx)
        .selectFrom('absence')
        .select(absenceColumns)
        .where('person', 'in', people)
        .where('ends_at', '>', ctx.now)
        .where('removed_at', 'is', null)
        .orderBy('starts_at')
        .orderBy('id')
        .limit(500)
        .execute()
    : Promise.resolve([])

export const absent = (ctx: Ctx, row: Omit<AbsenceTable, 'removed_at'>): Promise<unknown> =>
  of(ctx)
    .insertInto('absence')
    .values({ ...row, removed_at: null })
    .execute()

/** Also one that was taken back. */
export const absence = (ctx: Ctx, id: string): Promise<AbsenceTable | undefined> =>
  of(ctx).selectFrom('absence').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const setRemoved = (ctx: Ctx, id: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('absence').set({ removed_at: at }).where('id', '=', id).execute()
