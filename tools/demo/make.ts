/** Writes the demonstration into the database: the organisation, its people and a year of conversations, in bulk and at their own times. */

import { takeOver } from '#areas/crm/actions.ts'
import { Assigned, Finished, Labelled, Snoozed } from '#areas/crm/words.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal } from '#kernel/crypto.ts'
import { asSystem, inKernel, tables } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { admit, found } from '#social/access/actions.ts'
import { makeRoom, record } from '#social/activities/actions.ts'
import { addAccount } from '#social/channels/store.ts'
import { keepAll } from '#social/content/actions.ts'
import { Noted, Said, type Saying } from '#social/content/words.ts'
import { findOrMeet, joinAsColleague } from '#social/people/actions.ts'
import { openAll, touchAll } from '#social/threads/actions.ts'
import { writeAlerts } from './alerts.ts'
import { writeCases } from './cases.ts'
import { writeDesk } from './desk.ts'
import { writeMonitors } from './monitors.ts'
import { writePeople } from './people.ts'
import { writePosts } from './posts.ts'
import { writeRecords } from './records.ts'
import { writeRules } from './routing.ts'
import { writeSales } from './sales.ts'
import { writeSurveys } from './surveys.ts'
import { colleagues, makeWorld, type Talk, type World } from './world.ts'

const organisations = tables<{ organisation: { id: string; demo: boolean } }>()

/** Makes the demonstration, unless there is one. Returns its organisation. */
export async function makeDemo(say: (text: string) => void, today = new Date(), size?: number): Promise<string> {
  const there = await inKernel(db =>
    organisations({ db }).selectFrom('organisation').select('id').where('demo', '=', true).executeTakeFirst(),
  )
  if (there) return there.id
  const began = performance.now()
  const world = makeWorld(today, size)
  const { org, persons } = await foundIt(world)
  const customers = await asSystem(org, ctx => meetAll(ctx, world))
  const account = await asSystem(org, ctx => mailbox(ctx, world, persons[0]!))
  await asSystem(org, ctx =>
    makeRoom(
      ctx,
      world.talks.flatMap(talk => talk.lines.map(line => line.at)),
    ),
  )
  for (let at = 0; at < world.talks.length; at += 250)
    await asSystem(org, ctx => writeAll(ctx, world.talks.slice(at, at + 250), { persons, customers, account, world }))
  await writePosts(org, persons[0]!)
  await writeCases(org, persons)
  await writeSurveys(org, persons[2]!, customers, world)
  await writeRecords(org, persons[2]!, world)
  await writeDesk(org, persons[0]!)
  await writePeople(org, persons[0]!, customers, world)
  await writeSales(org, persons)
  await writeRules(org, persons[0]!)
  await writeMonitors(org, persons[2]!)
  await writeAlerts(org, persons[2]!)
  say(
    `  The demonstration is ready after ${((performance.now() - began) / 1000).toFixed(1)} seconds: ${world.talks.length} conversations.\n`,
  )
  return org
}

/** A mailbox that is paused, so that answers can be written and wait, and nothing ever leaves. */
async function mailbox(ctx: Ctx, { address, organisation }: World, owner: string): Promise<string> {
  const id = newId(ctx.now)
  const domain = address.split('@')[1]
  const [host, workshop] = [`mail.${domain}`, `werkstatt@${domain}`]
  const settings = { address, password: 'none', senderName: organisation, signature: '', aliases: [workshop], user: address, imapHost: host, imapPort: 993, imapSecurity: 'tls', smtpHost: host, smtpPort: 465, smtpSecurity: 'tls', folders: [], historyDays: 0 } // biome-ignore format: a list
  await addAccount(ctx, {
    id,
    channel: 'email',
    name: organisation,
    address,
    own: [address, workshop],
    settings: await seal(ctx, JSON.stringify(settings)),
    cursor: null,
    state: 'paused',
    state_says: null,
    state_since: ctx.now,
    quiet_until: null,
    heard_at: null,
    connected_by: owner,
    connected_at: ctx.now,
    removed_at: null,
  })
  return id
}

async function foundIt(world: World): Promise<{ org: string; persons: string[] }> {
  const [owner, ...others] = colleagues
  const { org, person } = await found({
    organisation: world.organisation,
    name: owner!.name,
    email: owner!.email,
    password: null,
    zone: 'Europe/Berlin',
    about: 'Lamps, lanterns, shelves and wool for long evenings. Made in the north, sent all over Europe, and answered by people.',
    demo: true,
  })
  const persons = [person]
  for (const { name, email, role, language } of others) {
    const id = newId()
    await asSystem(org, async ctx => {
      await admit(ctx, { person: id, role, name, email, password: null, language })
      await joinAsColleague(ctx, { id, name, email })
    })
    persons.push(id)
  }
  return { org, persons }
}

const meetAll = (ctx: Ctx, world: World): Promise<string[]> =>
  findOrMeet(
    ctx,
    world.customers.map(each => ({
      network: 'email',
      address: each.email,
      normal: each.email,
      name: each.name,
      because: 'heard',
      at: ctx.now,
    })),
    'customer',
  )

interface People {
  persons: string[]
  customers: string[]
  account: string
  world: World
}

async function writeAll(ctx: Ctx, talks: Talk[], people: People): Promise<void> {
  const threads = talks.map(talk => ({ talk, id: newId(talk.lines[0]!.at), person: people.customers[talk.customer]! }))
  await openAll(
    ctx,
    threads.map(({ talk, id, person }) => ({
      id,
      subject: talk.subject,
      kind: 'conversation' as const,
      audience: 'thread' as const,
      person,
      startedAt: talk.lines[0]!.at,
      channel: 'email',
      account: people.account,
    })),
  )
  await touchAll(
    ctx,
    threads.map(({ talk, id }) => ({ thread: id, ...lastOf(talk), count: talk.lines.filter(line => line.kind !== 'note').length })),
  )
  const said = threads.flatMap(each => sayingsOf(each, people))
  await keepAll(ctx, said)
  for (const each of said) tellOf(ctx, each)
  for (const { talk, id } of threads) workOn(ctx, talk, id, people)
  await takeOver(
    ctx,
    threads.map(({ talk, id }) => ({
      thread: id,
      state: talk.state,
      assignee: talk.owner === null ? null : people.persons[talk.owner]!,
      labels: [talk.label],
      snoozedUntil: talk.state === 'snoozed' ? new Date(ctx.now.getTime() + 2 * 86_400_000) : null,
    })),
  )
}

/** The last message says more than its greeting: the list shows its second paragraph. */
function lastOf(talk: Talk): { at: Date; snippet: string } {
  const { at, text } = talk.lines.findLast(line => line.kind !== 'note')!
  return { at, snippet: text.split('\n\n')[1] ?? text }
}

function sayingsOf({ talk, id, person }: { talk: Talk; id: string; person: string }, { persons, world, account }: People): Saying[] {
  const customer = world.customers[talk.customer]!
  const [they, we] = [handleOf(customer.email, customer.name), handleOf(world.address, world.organisation)]
  return talk.lines.map(line => ({
    id: newId(line.at),
    noun: line.kind === 'note' ? 'Note' : 'Message',
    thread: id,
    author: line.by === null ? person : persons[line.by]!,
    audience: line.kind === 'note' ? 'staff' : 'thread',
    side: line.kind === 'in' ? 'outside' : 'inside',
    at: line.at,
    subject: talk.subject,
    text: line.text,
    language: talk.language,
    channel: line.kind === 'note' ? undefined : 'email',
    detail: line.kind === 'note' ? {} : { account, from: line.kind === 'in' ? they : we, to: [line.kind === 'in' ? we : they], copied: [] },
  }))
}

const handleOf = (address: string, name: string) => ({ network: 'email', address, name })

const tellOf = (ctx: Ctx, said: Saying) =>
  said.noun === 'Note'
    ? record(ctx, Noted, { object: said.id, thread: said.thread, actor: said.author, at: said.at, audience: 'staff', side: 'inside' })
    : record(ctx, Said, {
        object: said.id,
        thread: said.thread,
        actor: said.author,
        at: said.at,
        audience: 'thread',
        side: said.side,
        channel: said.channel,
        detail: { imported: true },
      })

function workOn(ctx: Ctx, talk: Talk, thread: string, { persons }: People): void {
  const about = { object: thread, thread }
  const first = talk.lines[0]!.at
  if (talk.owner !== null) {
    const to = persons[talk.owner]!
    record(ctx, Assigned, { ...about, actor: to, target: to, at: new Date(first.getTime() + 60_000), detail: { to, from: null } })
    record(ctx, Labelled, { ...about, actor: to, at: new Date(first.getTime() + 90_000), detail: { label: talk.label } })
  }
  const end = new Date(talk.lines.at(-1)!.at.getTime() + 120_000)
  if (talk.state === 'done' && end < ctx.now)
    record(ctx, Finished, { ...about, actor: talk.owner === null ? null : persons[talk.owner]!, at: end })
  if (talk.state === 'snoozed')
    record(ctx, Snoozed, {
      ...about,
      actor: talk.owner === null ? null : persons[talk.owner]!,
      at: end,
      detail: { until: new Date(ctx.now.getTime() + 2 * 86_400_000).toISOString() },
    })
}
