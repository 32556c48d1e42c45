/** What is known of what happened, asked for all of a batch at once: as many questions for many as for one. */
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { list as macroList } from '#areas/macros/actions.ts'
import type { Macro } from '#areas/macros/words.ts'
import type { Ctx } from '#kernel/context.ts'
import { brandsOf } from '#social/brands/actions.ts'
import { allAccounts } from '#social/channels/actions.ts'
import { contentOf } from '#social/content/actions.ts'
import { workers } from '#social/members/actions.ts'
import { list as segmentList, standingOf } from '#social/segments/actions.ts'
import { awayAmong, hoursOf, skillsOf, teamsOf, worksAt, worksAtAll } from '#social/teams/actions.ts'
import type { Team } from '#social/teams/words.ts'
import type { Candidate, Facts, Matcher, There } from './rules.ts'
import * as queues from './store-queues.ts'
import type { Definition, When } from './words.ts'

/** Something that rules listen to. */
export interface Happening {
  thing: string
  kind: 'conversation' | 'case'
  when: When
  /** What makes it one and the same if it is heard again. */
  cause: string
  /** The message that came in. */
  content?: string
  machine?: boolean
  /** When it was heard, in milliseconds. */
  heard?: number
  /** The one rule that it is due for. */
  only?: string
}

/** With all that rules may ask for. */
export interface Known extends Happening {
  facts: Facts
  person: string | null
  subject: string
  thread: string | null
  audience: string
  number: number | null
  /** Of a case. */
  team: string | null
}

export interface Gathered {
  known: Known[]
  /** The inbox has not heard of these yet. */
  missing: Happening[]
}

/** What stands otherwise by now (spam, gone into another) or is closed to most is left alone. */
export async function gather(ctx: Ctx, happened: Happening[], matcher: Matcher, hold: boolean): Promise<Gathered> {
  const things = (kind: Happening['kind']) => [...new Set(happened.filter(each => each.kind === kind).map(each => each.thing))]
  const [talks, rows] = [await crm.standing(ctx, things('conversation'), hold), await cases.standing(ctx, things('case'), hold)]
  const [byThread, byCase] = [new Map(talks.map(row => [row.thread, row])), new Map(rows.map(row => [row.id, row]))]
  const people = [...new Set([...talks, ...rows].flatMap(row => row.person ?? []))]
  const owners = [...new Set([...talks.map(row => row.assignee), ...rows.map(row => row.owner)].filter(each => each !== null))]
  const contents = await contentOf(ctx, [...new Set(happened.flatMap(each => each.content ?? []))])
  const standing = matcher.asksWho ? await standingOf(ctx, people, { segments: matcher.asksSegments }) : new Map()
  const [away, working, brands] = [await awayAmong(ctx, owners), await workingNow(ctx), await brandsOf(ctx)]
  const around = (person: string | null, owner: string | null) => ({
    ...{ sides: null, tiers: null, segments: null, ...(person && standing.get(person)) },
    ...{ owner, ownerAway: owner !== null && away.has(owner), working },
  })
  const ofTalk = (it: Happening): Known | null => {
    const row = byThread.get(it.thing)
    if (!row || row.room || row.state === 'spam' || row.state === 'merged') return null
    const said = it.content ? contents.get(it.content) : undefined
    const facts: Facts = {
      text: said ? `${said.subject ?? row.subject}\n${said.text}` : `${row.subject}\n${row.snippet}`,
      ...{ channel: said?.channel ?? row.channel, account: row.account, language: said?.language ?? null, labels: row.labels },
      brand: (row.account && brands.of.get(row.account)?.id) || null,
      ...{ machine: it.machine ?? false, priority: null, type: null },
      ...around(row.person, row.assignee),
    }
    const about = { person: row.person, subject: row.subject || row.snippet || '–', thread: row.thread }
    return { ...it, facts, ...about, audience: said?.audience ?? 'thread', number: null, team: null }
  }
  const ofCase = (it: Happening): Known | null => {
    const row = byCase.get(it.thing)
    if (!row || row.state === 'closed') return null
    const unknown = { account: null, brand: null, language: null, labels: [], machine: false }
    const own = { text: `${row.title}\n${row.about}`, channel: row.channel, priority: row.priority, type: row.type }
    const about = { person: row.person, subject: row.title, thread: row.discussion, audience: 'staff', number: row.number, team: row.team }
    return { ...it, facts: { ...unknown, ...own, ...around(row.person, row.owner) }, ...about }
  }
  const isHeard = ({ kind, thing, heard = 0 }: Happening) => kind === 'case' || (byThread.get(thing)?.lastInAt?.getTime() ?? -1) >= heard
  const known = happened.flatMap(it => (it.kind === 'case' ? ofCase(it) : ofTalk(it)) ?? [])
  return { known: known.filter(isHeard), missing: happened.filter(it => it.kind === 'conversation' && !isHeard(it)) }
}

/** The teams that work now, and `all` when the organisation does. */
async function workingNow(ctx: Ctx): Promise<string[]> {
  const [teams, whole] = [await teamsOf(ctx), await hoursOf(ctx, null)]
  return [...teams.filter(each => worksAt(each, ctx.now)).map(each => each.id), ...(worksAt(whole, ctx.now) ? ['all'] : [])]
}

/** Who is in these teams and how they stand; how much each has is counted on while more is given to them. */
export interface Desks {
  hours(team: string): 'open' | 'closed' | 'idle' | 'gone'
  candidates(team: string): Candidate[]
  given(team: string, person: string): void
}

export async function desksOf(ctx: Ctx, wanted: string[]): Promise<Desks> {
  const teams = new Map((await teamsOf(ctx)).filter(each => wanted.includes(each.id)).map(each => [each.id, each]))
  const there = new Set(teams.size ? (await workers(ctx)).map(each => each.person) : [])
  const people = [...new Set([...teams.values()].flatMap(each => each.members))].filter(each => there.has(each))
  const [away, skills, talks] = [await awayAmong(ctx, people), await skillsOf(ctx, people), await crm.loadsOf(ctx, people)]
  const [open, turns] = [people.length ? await cases.loadsOf(ctx) : new Map<string, number>(), await queues.turns(ctx, [...teams.keys()])]
  const loads = new Map(people.map(each => [each, (talks.get(each) ?? 0) + (open.get(each) ?? 0)]))
  let place = ctx.now.getTime()
  return {
    hours: team => hoursNow(teams.get(team), ctx.now),
    candidates: team =>
      (teams.get(team)?.members ?? [])
        .filter(each => loads.has(each))
        .map(person => ({
          ...{ person, load: loads.get(person)!, away: away.has(person), skills: skills.get(person) ?? [] },
          turnAt: turns.get(`${team} ${person}`) ?? 0,
        })),
    given(team, person) {
      loads.set(person, (loads.get(person) ?? 0) + 1)
      turns.set(`${team} ${person}`, place++)
    },
  }
}

function hoursNow(team: Team | undefined, now: Date): 'open' | 'closed' | 'idle' | 'gone' {
  if (!team) return 'gone'
  return worksAt(team, now) ? 'open' : worksAtAll(team, now) ? 'closed' : 'idle'
}

/** What there is to name. */
export async function thereIs(ctx: Ctx): Promise<There> {
  const [accounts, brands, segments, teams] = [await allAccounts(ctx), await brandsOf(ctx), await segmentList(ctx, {}), await teamsOf(ctx)]
  const [people, macros, types] = [await workers(ctx), await allMacros(ctx), (await cases.types(ctx, {})).items]
  const ids = (rows: { id: string }[]) => new Set(rows.map(each => each.id))
  return {
    ...{ accounts: ids(accounts), brands: ids(brands.items), segments: ids(segments.items), teams: ids(teams) },
    idle: ids(teams.filter(each => !worksAtAll(each, ctx.now))),
    people: new Set(people.map(each => each.person)),
    ...{ macros: ids(macros), types: ids(types.filter(each => !each.archivedAt)) },
  }
}

/** Everybody's; rules run none that is somebody's own. */
export async function allMacros(ctx: Ctx): Promise<Macro[]> {
  const found: Macro[] = []
  for (let after: string | undefined, first = true; first || after; first = false) {
    const { items, next } = await macroList(ctx, { limit: 100, after })
    found.push(...items.filter(each => !each.own))
    after = next ?? undefined
  }
  return found
}

/** Nothing is asked where nothing is named. */
export const namesNothing = (rules: readonly Definition[]): boolean =>
  rules.every(({ conditions, deeds }) => !deeds.team && !deeds.person && conditions.every(each => !named.has(each.about)))
const named = new Set(['account', 'brand', 'segment', 'hours', 'type'])
