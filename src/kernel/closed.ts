/**
 * What not every colleague may read. The wall itself is in the database (`protect_closed`), before every query of whoever is not admitted; here it is
 * said who is. A place is a room, which closes many objects, or one object.
 */
import { sql } from 'kysely'
import { askedOnce, type Ctx } from './context.ts'
import { tables } from './db.ts'
import { tell } from './live.ts'
import { remembered } from './remembered.ts'

/** `own` lets others in, `answer` speaks there, `read` only reads. */
export type Admission = 'own' | 'answer' | 'read'

export interface Admitted {
  place: string
  person: string
  may: Admission
  since: Date
  until: Date | null
  by: string | null
}

/** What `run` asks is asked as by the house itself, before which no wall stands; after it the actor reads as before. */
export async function asHouse<T>(ctx: Ctx, run: () => Promise<T>): Promise<T> {
  const reader = (value: string) => sql`select set_config('trefoil.reader', ${value}, true)`.execute(ctx.db)
  const { rows } = await sql<{ before: string }>`select current_setting('trefoil.reader') as before`.execute(ctx.db)
  await reader('00000000-0000-0000-0000-000000000000')
  const result = await run()
  await reader(rows[0]!.before)
  return result
}

const of = tables<{ closed: { object: string; room: string }; admitted: Admitted }>()

/** Of these objects those that are closed, and by which room. */
export async function closedAmong(ctx: Ctx, objects: string[]): Promise<Map<string, string>> {
  if (objects.length === 0) return new Map()
  const rows = await of(ctx)
    .selectFrom('closed')
    .select(['object', 'room'])
    .where('object', 'in', [...new Set(objects)])
    .execute()
  return new Map(rows.map(row => [row.object, row.room]))
}

/** Where the actor is admitted now. */
export const admittedTo = (ctx: Ctx): Promise<Admitted[]> =>
  ctx.actor.person
    ? lasting(ctx, of(ctx).selectFrom('admitted').selectAll().where('person', '=', ctx.actor.person).execute())
    : Promise.resolve([])

/** The places to which the actor is admitted; for lists, which every page asks for. The wall holds whatever this says. */
export const placesOf = (ctx: Ctx): Promise<string[]> =>
  askedOnce(ctx, 'closed.places', () =>
    remembered(ctx, `closed.places ${ctx.actor.person}`, ['admitted'], async () => (await admittedTo(ctx)).map(each => each.place).sort()),
  )

/** For what is remembered for several readers: those for whom nothing closed is open read the same. */
export const readerKey = async (ctx: Ctx): Promise<string> => ((await placesOf(ctx)).length ? (ctx.actor.person ?? '') : '')

/** Who is admitted to these places now. */
export const admittedIn = (ctx: Ctx, places: string[]): Promise<Admitted[]> =>
  places.length
    ? lasting(ctx, of(ctx).selectFrom('admitted').selectAll().where('place', 'in', places).orderBy('since').execute())
    : Promise.resolve([])

const lasting = async (ctx: Ctx, rows: Promise<Admitted[]>): Promise<Admitted[]> =>
  (await rows).filter(({ until }) => until === null || until > ctx.now)

const enough: Record<Admission, Admission[]> = { read: ['own', 'answer', 'read'], answer: ['own', 'answer'], own: ['own'] }

/** Of these people those who may not do so much with this object, if it is closed. */
export async function shutOut(ctx: Ctx, object: string, people: string[], may: Admission): Promise<string[]> {
  const room = people.length ? (await closedAmong(ctx, [object])).get(object) : undefined
  if (!room) return []
  const inside = (await admittedIn(ctx, [room, object])).filter(each => enough[may].includes(each.may)).map(each => each.person)
  return people.filter(each => !inside.includes(each))
}

/** What the actor may do with an object: everything that their role allows when it is not closed, nothing (null) when it is closed to them. */
export async function admissionTo(ctx: Ctx, object: string): Promise<Admission | 'open' | null> {
  const room = (await closedAmong(ctx, [object])).get(object)
  if (!room || ctx.actor.kind === 'system') return 'open'
  const mine = (await admittedTo(ctx)).filter(({ place }) => place === room || place === object).map(each => each.may)
  return (['own', 'answer', 'read'] as const).find(each => mine.includes(each)) ?? null
}

/** Lets somebody in, or in otherwise than before. */
export async function admit(ctx: Ctx, place: string, person: string, as: { may: Admission; until?: Date | null }): Promise<void> {
  const row = { may: as.may, until: as.until ?? null, since: ctx.now, by: ctx.actor.person }
  await of(ctx)
    .insertInto('admitted')
    .values({ place, person, ...row })
    .onConflict(there => there.constraint('admitted_pkey').doUpdateSet(row))
    .execute()
  tell(ctx, 'admitted')
}

/** From now on they read nothing there: this person, or everybody. */
export async function dismiss(ctx: Ctx, place: string, person?: string): Promise<boolean> {
  const leaving = of(ctx).deleteFrom('admitted').where('place', '=', place)
  const { numDeletedRows } = await (person ? leaving.where('person', '=', person) : leaving).executeTakeFirst()
  tell(ctx, 'admitted')
  return numDeletedRows > 0n
}

/** What ended stays ended. */
export async function dismissEnded(ctx: Ctx): Promise<Pick<Admitted, 'place' | 'person'>[]> {
  const ended = await of(ctx).deleteFrom('admitted').where('until', '<=', ctx.now).returning(['place', 'person']).execute()
  if (ended.length) tell(ctx, 'admitted')
  return ended
}

/** Whatever was opened to these people is closed to them, but for what is their own. */
export async function dismissAll(ctx: Ctx, people: string[]): Promise<Pick<Admitted, 'place' | 'person'>[]> {
  const left = of(ctx).deleteFrom('admitted').where('person', 'in', people).where('may', '<>', 'own')
  tell(ctx, 'admitted')
  return left.returning(['place', 'person']).execute()
}
