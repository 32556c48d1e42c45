/**
 * The large house with a whole desk in it: fifty agents in six teams, four times as many people, and a case for every second conversation. It is a copy of the
 * house that the other benchmarks share, which stays as it is.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import type { Case } from '#areas/cases/words.ts'
import { seal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { addMember, make as makeTeam } from '#social/teams/actions.ts'
import { dice } from '../tools/demo/world.ts'
import { copy, loadPeople } from './world/load.ts'
import { labels, peopleOf } from './world/talks.ts'
import { admitted, filling, inHouse, worldOf } from './world/world.ts'

const day = 86_400_000
const agentsInAll = 50
const teamsInAll = 6

interface Agent {
  person: string
  team: string
}

/** The data folder of such a house, made from the one with so many messages when there is none yet. */
export async function deskOf(messages: number): Promise<string> {
  const source = await worldOf(messages)
  const dataDir = `${source}-desk-${stamp()}`
  const done = join(dataDir, 'filled-desk')
  if (existsSync(done)) return dataDir
  sweep(source)
  const began = performance.now()
  const { status, stderr } = spawnSync('cp', ['-a', source, dataDir], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  await filling(dataDir, ownerUrl => fill(dataDir, ownerUrl, messages))
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stderr.write(`Filled a desk of ${agentsInAll} over ${messages} messages in ${seconds} s\n`)
  writeFileSync(done, String(seconds))
  return dataDir
}

const stamp = () =>
  createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 8)

function sweep(source: string): void {
  const folder = dirname(source)
  for (const name of readdirSync(folder).filter(each => each.startsWith(`${basename(source)}-desk-`)))
    rmSync(join(folder, name), { recursive: true })
}

async function fill(dataDir: string, ownerUrl: string, messages: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ id: string }>(`select id from organisation where name = 'Bench'`)
  const org = rows[0]!.id
  const agents = await inHouse(dataDir, ownerUrl, () => staffOf(org))
  await client.query(`select set_config('trefoil.org', $1, false), set_config('synchronous_commit', 'off', false), set_config('work_mem', '256MB', false)`, [org]) // biome-ignore format: one statement
  await morePeople(client, messages / 5)
  await handOut(client, agents)
  await openCases(client, agents, messages / 10)
  for (const counter of counters) await client.query(`vacuum full ${counter}`)
  await client.query('vacuum (analyze)')
  await client.query('checkpoint')
  await client.end()
}

/** What was written over and over meanwhile, without the upkeep that goes on otherwise. */
const counters = ['conversation_count', 'conversation_account_count', 'conversation_label_count', 'case_count']

const workday: [number, number][] = [[9 * 60, 17 * 60]]
const week = [workday, workday, workday, workday, workday, [], []]

/** What its mailbox is connected by. It rests: answers wait there. */
const servers = { imapHost: 'mail.bench.example', imapPort: 993, imapSecurity: 'tls', smtpHost: 'mail.bench.example', smtpPort: 465, smtpSecurity: 'tls' } // biome-ignore format: a list
const mailbox = { address: 'hello@bench.example', user: 'hello', password: 'hello', senderName: 'Bench', signature: '', aliases: [], folders: [], historyDays: 0, ...servers } // biome-ignore format: a list

/** Fifty people who answer, each in one team, by the doors that everybody uses. */
async function staffOf(org: string): Promise<Agent[]> {
  await asSystem(org, async ctx => {
    await sql`update channel_account set settings = ${await seal(ctx, JSON.stringify(mailbox))} where channel = 'email'`.execute(ctx.db)
  })
  const teams: string[] = []
  for (let nth = 1; nth <= teamsInAll; nth++)
    teams.push((await asSystem(org, ctx => makeTeam(ctx, { name: `Team ${nth}`, zone: 'Europe/Berlin', week }))).team)
  const agents: Agent[] = []
  for (let nth = 0; nth < agentsInAll; nth++) {
    const team = teams[nth % teamsInAll]!
    const person = await admitted(org, { name: `Agent ${nth + 1}`, email: `agent.${nth + 1}@bench.example`, role: 'agent' })
    await asSystem(org, ctx => addMember(ctx, { team, person }))
    agents.push({ person, team })
  }
  return agents
}

async function morePeople(client: pg.Client, count: number): Promise<void> {
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from handle where normal like '%@customers.example'`)
  await loadPeople(client, peopleOf(count, new Date()).slice(rows[0]!.n))
}

/** Every conversation that somebody has belongs to one of the fifty; each of them has a view of their own, and there are two for all. */
async function handOut(client: pg.Client, agents: Agent[]): Promise<void> {
  const people = agents.map(each => each.person)
  await client.query(
    `update conversation c set assignee = ($1::uuid[])[1 + n.nth % ${agentsInAll}]
     from (select thread, row_number() over (order by state, last_at desc) as nth from conversation where assignee is not null) n where n.thread = c.thread`,
    [people],
  )
  // Whoever answers needs to know where to.
  await client.query(
    `update content c set detail = jsonb_build_object('from', jsonb_build_object('address', h.address, 'name', ''))
     from handle h, conversation v where h.person = c.author and c.side = 'outside' and v.thread = c.thread and v.state in ('open', 'waiting')`,
  )
  const own = people.map((owner, nth) => [newId(), 'My own', `is:open owner:me label:${labels[nth % labels.length]}`, owner, nth + 3])
  const shared = [
    [newId(), 'Damaged', 'is:open label:damage', null, 1],
    [newId(), 'Nobody’s invoices', 'is:open owner:nobody label:invoice', null, 2],
  ]
  await copy(client, 'saved_view (id, name, words, owner, position)', [...shared, ...own])
}

interface Talk {
  thread: string
  person: string
  subject: string
  at: Date
}

/** One for each of the newest conversations: three in a hundred are being worked on, the others were closed, most of them with a cause. */
async function openCases(client: pg.Client, agents: Agent[], count: number): Promise<void> {
  const { rows } = await client.query<Talk>(
    `select thread, person, subject, last_at as at from conversation where person is not null order by last_at desc limit $1`,
    [count],
  )
  const chance = dice(100_000)
  const cases = rows.map((talk, nth) => caseOf(talk, rows.length - nth, nth < count * 0.03, agents, chance))
  await copy(client, 'thread (id, subject, kind, audience, started_at, last_at)', cases.map(it => [it.discussion, `K-${it.number} ${it.title}`, 'case', 'staff', it.openedAt, it.openedAt])) // biome-ignore format: rows beside their columns
  await copy(client, 'content (id, noun, thread, author, audience, side, at, text, language, detail)', cases.map(it => [newId(it.openedAt), 'Note', it.discussion, it.openedBy, 'staff', 'inside', it.openedAt, 'The parcel was opened on its way.', 'en', '{}'])) // biome-ignore format: rows beside their columns
  await copy(client, 'cases (id, number, title, priority, tier, state, owner, team, person, channel, discussion, opened_at, opened_by, changed_at, closed_at, cause, door, solve_due, answered_at, alarm)', cases.map(it => [
    it.id, it.number, it.title, it.priority, it.tier, it.state, it.owner, it.team, it.person, 'email', it.discussion,
    it.openedAt, it.openedBy, it.changedAt, it.closedAt, it.cause, newId(), it.solveDue, it.openedAt, it.alarm,
  ])) // biome-ignore format: rows beside their columns
  await copy(
    client,
    'case_thread (case_id, thread, since)',
    cases.map(it => [it.id, it.thread, it.openedAt]),
  )
  await copy(
    client,
    'case_check (id, case_id, text)',
    cases.map(it => [newId(it.openedAt), it.id, 'Call the depot']),
  )
  await copy(client, 'activity (id, at, verb, noun, actor, object, thread, audience, area, side, detail)', cases.flatMap(it => [
    [newId(it.openedAt), it.openedAt, 'Create', 'Case', it.openedBy, it.id, it.discussion, 'staff', 'cases', 'inside', JSON.stringify({ number: it.number, priority: it.priority, from: it.thread })],
    ...(it.closedAt ? [[newId(it.closedAt), it.closedAt, 'Create', 'CaseClosure', it.owner, it.id, it.discussion, 'staff', 'cases', 'inside', JSON.stringify({ minutes: 60, kept: null, cause: it.cause, duplicateOf: null })]] : []),
  ])) // biome-ignore format: rows beside their columns
  await client.query(`insert into case_number (last) values ($1)`, [cases.length])
}

const causes = [
  'label torn at the depot',
  'packed wrongly',
  'late supplier',
  'wrong address',
  'unclear manual',
  'price not updated',
  'damaged on the way',
]

type Opened = Pick<Case, 'id' | 'number' | 'title' | 'priority' | 'tier' | 'state' | 'owner' | 'team' | 'person' | 'discussion'> &
  Pick<Case, 'openedAt' | 'changedAt' | 'closedAt' | 'cause' | 'solveDue' | 'alarm'> & { thread: string; openedBy: string }

function caseOf({ thread, person, subject, at }: Talk, number: number, isActive: boolean, agents: Agent[], chance: () => number): Opened {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const agent = pick(agents)
  const isNew = isActive && chance() < 0.1
  const ended = new Date(Math.min(Date.now(), at.getTime() + 3 * day * chance()))
  const solveDue = isActive ? new Date(Date.now() + (10 * chance() - 1) * day) : null
  return {
    ...{ id: newId(at), number, thread, title: subject || 'Parcel', person, discussion: newId(at), team: agent.team },
    ...{ priority: pick(['urgent', 'high', 'normal', 'normal', 'normal', 'low'] as const), tier: chance() < 0.02 ? 'vip' : 'standard' },
    ...{ state: isNew ? 'new' : isActive ? pick(['open', 'open', 'waiting'] as const) : 'closed', owner: isNew ? null : agent.person },
    ...{ openedAt: at, openedBy: agent.person, changedAt: ended, closedAt: isActive ? null : ended },
    ...{ cause: !isActive && chance() < 0.6 ? pick(causes) : null, solveDue },
    alarm: solveDue && solveDue.getTime() < Date.now() ? 'breached' : solveDue && solveDue.getTime() < Date.now() + day ? 'warned' : null,
  }
}
