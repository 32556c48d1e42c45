import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { isZone, momentOf } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { organisationOf, workerByPerson } from '#social/members/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { businessTime, dueAfter, spansIn, spansText, worksAt, worksAtAll } from './rules.ts'

// —— which there are ——

export const list = action({
  says: 'List teams by name, with their hours and members; with `archived` those that work no more',
  who: 'teams.read',
  reads: true,
  takes: z.strictObject({ q: text(200).default(''), archived: z.boolean().default(false) }),
  gives: z.object({ items: z.array(words.team) }),
  run: async (ctx, { q, archived }) => {
    const wanted = q.trim().toLowerCase()
    return { items: (await store.all(ctx, archived)).filter(each => each.name.toLowerCase().includes(wanted)) }
  },
})

export const show = action({
  says: 'Show one team',
  who: 'teams.read',
  reads: true,
  takes: z.strictObject({ team: id }),
  gives: words.team,
  run: async (ctx, { team }) => (await store.one(ctx, team)) ?? refuse('notFound', 'teams.notThere'),
})

/** Every team that works, for whoever shows or asks for them; asked once for all who look. */
export const teamsOf = (ctx: Ctx): Promise<words.Team[]> => remembered(ctx, 'teams', ['teams'], () => store.all(ctx))

/** The teams that somebody belongs to. */
export const teamsWith = async (ctx: Ctx, person: string | null): Promise<words.Team[]> =>
  person ? (await teamsOf(ctx)).filter(each => each.members.includes(person)) : []

/** When a team works; without one, or when it is gone, when the organisation does. */
export async function hoursOf(ctx: Ctx, team: string | null): Promise<words.Hours> {
  const its = team ? (await teamsOf(ctx)).find(each => each.id === team) : undefined
  if (its) return its
  const { zone, hours, holidays } = await organisationOf(ctx)
  return { zone, holidays, week: hours.map(span => (span ? [span] : [])) }
}

/** Of these people those who are away now, and until when. */
export async function awayAmong(ctx: Ctx, people: string[]): Promise<Map<string, Date>> {
  const now = (await store.absences(ctx, people)).filter(each => each.startsAt <= ctx.now)
  return new Map(now.sort((a, b) => a.endsAt.getTime() - b.endsAt.getTime()).map(each => [each.person, each.endsAt]))
}

export const skillsOf = store.skills

// —— keeping them ——

const about = {
  name: line(200),
  about: text(2000).default(''),
  zone: z.string().max(60).refine(isZone, { error: 'teams.noSuchZone' }),
  week: words.week,
  holidays: z.array(z.iso.date()).max(1000).default([]),
}

export const make = action({
  says: 'Make a team with its time zone, hours for each day from Monday and holidays',
  who: 'teams.manage',
  takes: z.strictObject(about),
  gives: z.object({ team: id }),
  run: async (ctx, input) => {
    rules.spansHold(input.week)
    rules.isNewName(input.name, await store.all(ctx), null)
    const team = newId(ctx.now)
    await store.add(ctx, team, input)
    told(ctx, words.Made, team, input.name)
    return { team }
  },
})

export const change = action({
  says: 'Change a team: name, time zone, hours and holidays',
  who: 'teams.manage',
  takes: z.strictObject({ team: id, ...about }),
  gives: z.object({
    was: z.object({ name: z.string(), about: z.string(), zone: z.string(), week: words.week, holidays: z.array(z.string()) }),
  }),
  run: async (ctx, { team, ...input }) => {
    rules.spansHold(input.week)
    const { name, about, zone, week, holidays } = await working(ctx, team)
    rules.isNewName(input.name, await store.all(ctx), team)
    await store.change(ctx, team, input)
    told(ctx, words.Changed, team, input.name)
    return { was: { name, about, zone, week, holidays } }
  },
})

export const archive = action({
  says: 'Archive a team; what it worked on keeps it, and it can come back',
  who: 'teams.manage',
  takes: z.strictObject({ team: id }),
  gives: z.object({}),
  run: async (ctx, { team }) => {
    const { name } = await working(ctx, team)
    await store.setArchived(ctx, team, ctx.now)
    told(ctx, words.Archived, team, name)
    return {}
  },
})

export const bringBack = action({
  says: 'Bring an archived team back, with its members',
  who: 'teams.manage',
  takes: z.strictObject({ team: id }),
  gives: z.object({}),
  run: async (ctx, { team }) => {
    const known = (await store.one(ctx, team)) ?? refuse('notFound', 'teams.notThere')
    if (!known.archivedAt) return {}
    rules.isNewName(known.name, await store.all(ctx), team)
    await store.setArchived(ctx, team, null)
    told(ctx, words.BroughtBack, team, known.name)
    return {}
  },
})

async function working(ctx: Ctx, team: string): Promise<words.Team> {
  const known = await store.one(ctx, team)
  return known && !known.archivedAt ? known : refuse('notFound', 'teams.notThere')
}

function told(ctx: Ctx, word: typeof words.Made, team: string, name: string): void {
  record(ctx, word, { object: team, detail: { name } })
  tell(ctx, 'teams')
}

// —— who belongs to them ——

export const addMember = action({
  says: 'Let a colleague belong to a team',
  who: 'teams.manage',
  takes: z.strictObject({ team: id, person: id }),
  gives: z.object({}),
  run: async (ctx, { team, person }) => {
    await working(ctx, team)
    await colleague(ctx, person)
    if (await store.join(ctx, team, person)) record(ctx, words.MemberAdded, { object: person, target: team })
    tell(ctx, 'teams')
    return {}
  },
})

export const removeMember = action({
  says: 'Let a colleague belong to a team no longer',
  who: 'teams.manage',
  takes: z.strictObject({ team: id, person: id }),
  gives: z.object({}),
  run: async (ctx, { team, person }) => {
    await working(ctx, team)
    if (await store.leave(ctx, team, person)) record(ctx, words.MemberRemoved, { object: person, target: team })
    tell(ctx, 'teams')
    return {}
  },
})

export const setSkills = action({
  says: 'Note what a colleague is good at, as words divided by commas',
  who: 'teams.manage',
  takes: z.strictObject({ person: id, skills: text(3000) }),
  gives: z.object({ was: z.string() }),
  run: async (ctx, { person, skills }) => {
    await colleague(ctx, person)
    const before = (await store.skills(ctx, [person])).get(person)!
    const wanted = rules.skillsOf(skills).slice(0, 50)
    await store.setSkills(ctx, person, wanted)
    if (before.join() !== wanted.join()) record(ctx, words.SkillsChanged, { object: person, detail: { skills: wanted } })
    tell(ctx, 'teams')
    return { was: before.join(', ') }
  },
})

async function colleague(ctx: Ctx, person: string): Promise<void> {
  if (!(await workerByPerson(ctx, person)))
    throw new Refusal('invalid', 'teams.notAColleague', {}, { fields: [{ field: 'person', key: 'teams.notAColleague' }] })
}

// —— who is away ——

export const absences = action({
  says: 'List when colleagues are away; without `person` when oneself is',
  who: 'teams.read',
  reads: true,
  takes: z.strictObject({ person: id.optional() }),
  gives: z.object({ items: z.array(words.absence) }),
  run: async (ctx, { person }) => ({ items: await store.absences(ctx, [person ?? self(ctx)]) }),
})

/** Of these people, those that are not over. */
export const absencesOf = store.absences

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

export const goAway = action({
  says: 'Note that oneself, or with `person` a colleague, is away from one day to another, both included',
  who: 'teams.read',
  takes: z.strictObject({ person: id.optional(), from: z.iso.date(), until: z.iso.date(), note: text(500).default('') }),
  gives: z.object({ absence: id }),
  run: async (ctx, { person = self(ctx), from, until, note }) => {
    mayTellOf(ctx, person)
    await colleague(ctx, person)
    rules.daysAway(from, until)
    const row = { id: newId(ctx.now), person, starts_at: beginOf(from, ctx.zone), ends_at: beginOf(until, ctx.zone, 1), note }
    await store.absent(ctx, row)
    record(ctx, words.WentAway, { object: person, detail: { from, until } })
    tell(ctx, 'teams')
    return { absence: row.id }
  },
})

const beginOf = (day: string, zone: string, later = 0): Date => momentOf(Date.parse(`${day}T00:00Z`) + later * 86_400_000, zone)

/** One’s own absences are one’s own matter; those of others are a manager’s. */
function mayTellOf(ctx: Ctx, person: string): void {
  if (person !== ctx.actor.person && !may(ctx.actor, 'teams.manage')) refuse('forbidden', 'kernel.forbidden')
}

/** An absence taken back, or standing again: the way there and the way back. */
const standing = (says: string, isThere: boolean) =>
  action({
    says,
    who: 'teams.read',
    takes: z.strictObject({ absence: id }),
    gives: z.object({}),
    run: async (ctx, { absence }) => {
      const row = (await store.absence(ctx, absence)) ?? refuse('notFound', 'kernel.notFound')
      mayTellOf(ctx, row.person)
      if ((row.removed_at === null) === isThere) return {}
      await store.setRemoved(ctx, absence, isThere ? null : ctx.now)
      const detail = { from: row.starts_at.toISOString(), until: row.ends_at.toISOString() }
      record(ctx, isThere ? words.WentAway : words.CameBack, { object: row.person, detail })
      tell(ctx, 'teams')
      return {}
    },
  })

export const comeBack = standing('Take back that somebody is away', false)
export const beAwayAgain = standing('Let an absence that was taken back stand again', true)
