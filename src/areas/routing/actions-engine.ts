/** What happened goes through the rules: a batch at a time, each thing explained. */
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { laterAll } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import type { Notice } from '#social/notifications/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { type Deed, obey } from './actions-doing.ts'
import { type Desks, desksOf, type Gathered, gather, type Happening, type Known, namesNothing, thereIs } from './actions-gathering.ts'
import { tellWatchers } from './actions-watching.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as queues from './store-queues.ts'
import * as runs from './store-runs.ts'
import * as words from './words.ts'

const hour = 3_600_000

/** The rules that are on, read once for as long as none of them changes. */
export interface Book {
  set: string
  matcher: rules.Matcher
  rows: store.RuleRow[]
  /** What there is to name, where anything is named. */
  there: rules.There | null
}

const books = new Map<string, { key: string; book: Book }>()
const mostBooks = 200

export async function bookOf(ctx: Ctx): Promise<Book | null> {
  const rows = await store.active(ctx)
  if (rows.length === 0) return null
  const definitions = rows.map(each => each.definition)
  const there = namesNothing(definitions) ? null : await thereIs(ctx)
  const isGone = (each: words.Condition) => there !== null && rules.isGone(each, there)
  const key = JSON.stringify(rows.map(each => [each.version, each.definition.conditions.map(isGone)]))
  const kept = books.get(ctx.org)
  if (kept?.key === key) return { ...kept.book, rows, there }
  const versions = rows.map(each => each.version)
  const book = { set: await store.setOf(ctx, versions), matcher: rules.compiled(rows, isGone), rows, there }
  if (books.size >= mostBooks) books.delete(books.keys().next().value!)
  books.set(ctx.org, { key, book })
  return book
}

/** Lets the rules look at what happened and do what they say; gives back what the inbox has not heard of yet. */
export async function route(ctx: Ctx, happened: Happening[]): Promise<Happening[]> {
  await runs.oneAtATime(ctx)
  const book = await bookOf(ctx)
  const matcher = book?.matcher ?? rules.compiled([], () => false)
  const fresh = await notKnown(ctx, happened)
  const gathered = await gather(ctx, fresh, matcher, true)
  if (book) await decide(ctx, book, gathered)
  await tellWatchers(ctx, gathered.known)
  return gathered.missing
}

/** Heard twice is heard once. */
async function notKnown(ctx: Ctx, happened: Happening[]): Promise<Happening[]> {
  const known = await runs.knownOf(
    ctx,
    happened.map(({ thing, when, cause }) => ({ thing, event: when, cause })),
  )
  const seen = new Set(known)
  return happened.filter(({ thing, when, cause }) => {
    const key = `${thing} ${when} ${cause}`
    return !seen.has(key) && seen.add(key)
  })
}

/** What is to be done when all have been looked at. */
export interface Plan {
  labels: Map<string, string[]>
  owners: Map<string, string[]>
  spam: string[]
  cases: { case: string; team?: string; owner?: string; priority?: words.Definition['deeds']['priority'] }[]
  queue: queues.QueueRow[]
  turns: { team: string; person: string; at: Date }[]
  notices: Notice[]
  later: Deed[]
  stopped: { rule: rules.Active; thing: string }[]
}

export const emptyPlan = (): Plan => ({ labels: new Map(), owners: new Map(), spam: [], cases: [], queue: [], turns: [], notices: [], later: [], stopped: [] }) // biome-ignore format: a list

/** All that acting on one thing needs. */
export interface Acting {
  ctx: Ctx
  plan: Plan
  desks: Desks
  /** Members of each team, for whoever tells a whole one. */
  teams: Map<string, string[]>
  people: Set<string>
}

async function decide(ctx: Ctx, book: Book, { known }: Gathered): Promise<void> {
  const heard = known.filter(each => book.matcher.listening.has(each.when))
  if (heard.length === 0) return
  const things = [...new Set(heard.map(each => each.thing))]
  const wanted = book.rows.flatMap(each => each.definition.deeds.team?.team ?? [])
  const [desks, chains] = [await desksOf(ctx, wanted), await runs.chainsOf(ctx, things)]
  const ran = await runs.ranWith(ctx, things, new Date(ctx.now.getTime() - hour))
  const teams = new Map((await teamsOf(ctx)).map(each => [each.id, each.members]))
  const acting: Acting = { ctx, plan: emptyPlan(), desks, teams, people: book.there?.people ?? new Set() }
  const same = Map.groupBy(known, each => each.thing)
  const kept = heard.map(each => {
    const run = runOf(acting, book, each, chains.get(each.thing) ?? [], ran)
    // What else happened to the same thing meets it as it stands now.
    const { owner, ownerAway, priority } = each.facts
    for (const other of same.get(each.thing)!) Object.assign(other.facts, { owner, ownerAway, priority })
    return run
  })
  await runs.keepRuns(ctx, kept)
  await runs.keepHits(ctx, hitsIn(book, kept))
  await apply(ctx, acting.plan)
}

/** Those that ran, by the places of the rules that listened. */
function hitsIn({ matcher }: Book, kept: runs.Run[]): { rule: string; run: string }[] {
  return kept.flatMap(({ id: run, event, looked }) => {
    const listening = matcher.listening.get(event as words.When) ?? []
    return looked.flatMap((look, at) => (look === rules.looks.held ? [{ rule: listening[at]!.id, run }] : []))
  })
}

/** How one thing fares: which rules ran, which did not and why, and what they want done. */
function runOf(acting: Acting, { set, matcher }: Book, it: Known, chain: string[], ran: Map<string, number>): runs.Run {
  const run: runs.Run = {
    ...{ id: newId(acting.ctx.now), thing: it.thing, thread: it.thread, at: acting.ctx.now, event: it.when, cause: it.cause },
    ...{ rules: set, did: [], chain },
    looked: [],
  }
  const stopped = (rule: rules.Active) => {
    const reason = rules.stoppedBy(rule, chain, ran.get(`${it.thing} ${rule.id}`) ?? 0)
    if (reason !== null) acting.plan.stopped.push({ rule, thing: it.thing })
    if (reason !== null) run.did.push({ rule: rule.id, does: 'stopped', says: reasonNames[reason] ?? 'itself' })
    return reason
  }
  const act = (rule: rules.Active) => {
    ran.set(`${it.thing} ${rule.id}`, (ran.get(`${it.thing} ${rule.id}`) ?? 0) + 1)
    obeyRule(acting, it, rule, run)
  }
  run.looked = rules.judged(matcher, it.when, it.facts, stopped, act, it.only)
  return run
}

export const reasonNames: Record<number, 'itself' | 'deep' | 'often'> = {
  [rules.looks.itself]: 'itself',
  [rules.looks.deep]: 'deep',
  [rules.looks.often]: 'often',
}

// —— what a rule does ——

/** Notes what is to be done, and lets the rules below see it as done. */
export function obeyRule(acting: Acting, it: Known, rule: rules.Active, run: Pick<runs.Run, 'id' | 'did' | 'chain'>): void {
  const { deeds } = rule.definition
  const say = (does: words.Did['does'], says: string, more: Partial<words.Did> = {}) => run.did.push({ rule: rule.id, does, says, ...more })
  for (const each of deeds.labels) say('label', labelled(acting.plan, it, crm.labelOf(each)), { what: crm.labelOf(each) })
  if (deeds.priority) say('priority', prioritised(acting.plan, it, deeds.priority), { what: deeds.priority })
  if (deeds.person && !acting.people.has(deeds.person)) say('gone', 'person')
  else if (deeds.person) say('person', owned(acting, it, deeds.person), { people: [deeds.person] })
  if (deeds.team) giveToTeam(acting, it, rule, deeds.team, say)
  for (const each of apart(rule, it)) {
    const place = say(each.does, each.refused ?? 'soon', each.what ? { what: each.what } : {}) - 1
    if (!each.refused)
      acting.plan.later.push({
        ...each.deed,
        run: run.id,
        place,
        thing: it.thing,
        kind: it.kind,
        rule: rule.id,
        chain: [...run.chain, rule.id],
      })
  }
  if (deeds.tell.length) tellAll(acting, it, rule, deeds.tell, say)
  if (deeds.spam) {
    acting.plan.spam.push(it.thing)
    say('spam', 'done')
  }
}

function labelled(plan: Plan, it: Known, label: string): string {
  if (it.facts.labels.includes(label)) return 'had'
  it.facts.labels.push(label)
  plan.labels.set(label, [...(plan.labels.get(label) ?? []), it.thing])
  return 'done'
}

function prioritised(plan: Plan, it: Known, priority: NonNullable<words.Deeds['priority']>): string {
  if (it.facts.priority === priority) return 'had'
  it.facts.priority = priority
  plan.cases.push({ case: it.thing, priority })
  return 'done'
}

/** Nobody loses what they have to a rule. */
function owned({ plan, desks }: Acting, it: Known, person: string, team?: string): string {
  if (it.facts.owner !== null) return 'had'
  Object.assign(it.facts, { owner: person, ownerAway: false })
  if (it.kind === 'case') plan.cases.push({ case: it.thing, owner: person, ...(team && { team }) })
  else plan.owners.set(person, [...(plan.owners.get(person) ?? []), it.thing])
  if (team) desks.given(team, person)
  return 'done'
}

type Say = (does: words.Did['does'], says: string, more?: Partial<words.Did>) => number

function giveToTeam(acting: Acting, it: Known, rule: rules.Active, wanted: NonNullable<words.Deeds['team']>, say: Say): void {
  const { ctx, plan, desks } = acting
  const hours = desks.hours(wanted.team)
  if (hours === 'gone') return void say('gone', 'team')
  if (it.facts.owner !== null) return void say('team', 'had', { what: wanted.team })
  const choice = rules.chosen(desks.candidates(wanted.team), wanted, hours)
  if (choice.person) {
    plan.turns.push({ team: wanted.team, person: choice.person, at: ctx.now })
    owned(acting, it, choice.person, wanted.team)
    return void say('team', 'done', { what: wanted.team, people: [choice.person, ...others(choice)], among: choice.among })
  }
  say('team', choice.because!, { what: wanted.team, people: others(choice), among: choice.among })
  if (it.kind === 'case') plan.cases.push({ case: it.thing, team: wanted.team })
  else plan.queue.push({ thread: it.thing, team: wanted.team, wanted, rule: rule.id, since: ctx.now, because: choice.because! })
}

const others = ({ among, person }: rules.Choice) => among.map(each => each.person).filter(each => each !== person)

interface Wanted {
  does: 'case' | 'macro' | 'notice' | 'close'
  what?: string
  /** Why it is not even tried. */
  refused?: string
  deed: Pick<Deed, 'does'> & Partial<Deed>
}

/** What takes a transaction of its own, because it may be refused. */
function apart({ definition: { deeds, conditions } }: rules.Active, it: Known): Wanted[] {
  const speaks = rules.mayTell({ automatic: it.facts.machine, person: it.person, audience: it.audience })
  const found: Wanted[] = []
  if (deeds.case) found.push({ does: 'case', deed: { does: 'case', opens: deeds.case } })
  if (deeds.macro) found.push({ does: 'macro', what: deeds.macro, deed: { does: 'macro', macro: deeds.macro, speaks } })
  if (deeds.notice) {
    const hours = conditions.find(each => each.about === 'hours' && each.how === 'isNot')?.values[0]
    const deed = { does: 'notice' as const, text: deeds.notice, hours, answers: it.content }
    found.push({ does: 'notice', ...(!speaks && { refused: 'machine' }), deed })
  }
  if (deeds.close) found.push({ does: 'close', deed: { does: 'close', text: deeds.close.notice, days: deeds.close.days } })
  return found
}

function tellAll({ plan, teams }: Acting, it: Known, rule: rules.Active, whom: string[], say: Say): void {
  const people = [...new Set(whom.flatMap(each => (each === 'owner' ? (it.facts.owner ?? []) : (teams.get(each) ?? [each]))))]
  say('tell', people.length ? 'done' : 'nobody', { people })
  for (const person of people)
    plan.notices.push({
      ...{ person, kind: 'work', object: it.thing, actor: null, says: `routing.tell.${it.when}` },
      ...(it.thread && { thread: it.thread }),
      told: { subject: it.subject.slice(0, 200), rule: rule.definition.name },
      path: it.kind === 'case' ? `/cases/K-${it.number}` : `/inbox/open/${it.thing}`,
    })
}

// —— doing it ——

const atOnce = 200

/** As many steps as there are different deeds, not things. */
export async function apply(ctx: Ctx, plan: Plan): Promise<void> {
  for (const [label, threads] of plan.labels) for (const some of inParts(threads)) await crm.label(ctx, { threads: some, label })
  for (const [to, threads] of plan.owners) for (const some of inParts(threads)) await crm.assign(ctx, { threads: some, to })
  for (const some of inParts([...new Set(plan.spam)])) await crm.spam(ctx, { threads: some })
  for (const { case: one, team, owner, priority } of plan.cases) {
    if (team || priority) await cases.change(ctx, { case: one, ...(team && { team }), ...(priority && { priority }) })
    if (owner) await cases.assign(ctx, { case: one, to: owner })
  }
  await queues.queue(ctx, plan.queue)
  await queues.keepTurns(ctx, plan.turns)
  await notify(ctx, plan.notices)
  await laterAll(
    ctx,
    plan.later.map(data => ({ kind: obey, data })),
  )
  for (const { rule, thing } of plan.stopped) {
    await store.change(ctx, rule.id, { stopped_at: ctx.now })
    record(ctx, words.Stopped, { object: rule.id, target: thing, actor: null, detail: { name: rule.definition.name } })
  }
  if (plan.queue.length || plan.stopped.length) tell(ctx, 'routing')
}

const inParts = (list: string[]): string[][] =>
  Array.from({ length: Math.ceil(list.length / atOnce) }, (_, at) => list.slice(at * atOnce, (at + 1) * atOnce))
