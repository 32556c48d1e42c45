/** From care to sales and back; and what becomes of an opportunity's threads when they go into one another. */
import { z } from 'zod'
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { Merged, MovedBack } from '#social/moves/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { mayWorkIn } from '#social/threads/actions.ts'
import { begin } from './actions-adding.ts'
import { locked } from './actions-moving.ts'
import { companyOf } from './actions-people.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const handOver = action({
  says: 'Hand a case over to sales: a lead is made of it, with its person and its conversations; the case stays with care',
  who: 'sales.work',
  takes: z.strictObject({ case: id, note: text(20_000).default('') }),
  gives: z.object({ opportunity: id, number: z.number(), isNew: z.boolean() }),
  run: async (ctx, { case: one, note }) => {
    const [row] = await cases.standing(ctx, [one], true)
    if (!row) return refuse('notFound', 'cases.notThere')
    const going = (await store.ofCase(ctx, one)).find(each => each.closedAt === null)
    if (going) return { opportunity: going.id, number: going.number, isNew: false }
    const { threads } = await cases.besideOf(ctx, row)
    const free = []
    for (const { thread } of threads)
      if (!(await store.around(ctx, thread, [], 50)).some(each => each.linked && !each.closedAt)) free.push(thread)
    const said = {
      title: row.title,
      about: note.trim(),
      person: row.person,
      company: await companyOf(ctx, row.person),
      channel: row.channel,
    }
    const made = await begin(ctx, { ...said, came: 'care', case: one }, free)
    record(ctx, words.HandedOver, { object: one, thread: row.discussion, target: made.opportunity })
    tell(ctx, 'cases')
    return { ...made, isNew: true }
  },
})

export const handBack = action({
  says: 'Hand a conversation of an opportunity back to care: a note says what is to be done, the team finds it as a case, and nobody has the conversation any more',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, thread: id, team: id, note: line(20_000) }),
  gives: z.object({ number: z.number() }),
  run: async (ctx, { opportunity, thread, team, note }) => {
    const row = await locked(ctx, opportunity)
    const its = (await store.threadsOf(ctx, row.id)).some(each => each.thread === thread)
    const called = (await teamsOf(ctx)).find(each => each.id === team) ?? refuse('notFound', 'teams.notThere')
    if (!its) refuse('notFound', 'sales.threadNotThere')
    await mayWorkIn(ctx, [thread])
    await freed(ctx, thread, note)
    const number = await caseFor(ctx, row, thread, team)
    record(ctx, words.HandedBack, { object: row.id, thread, target: thread, detail: { team: called.name, number: row.number } })
    tell(ctx, 'sales')
    return { number }
  },
})

/** Open, without an owner, and with what sales has to say. */
async function freed(ctx: Ctx, thread: string, text: string): Promise<void> {
  const talk = (await crm.found(ctx, thread)) ?? refuse('notFound', 'sales.threadNotThere')
  if (talk.state !== 'open') await crm.reopen(ctx, { threads: [thread] })
  await crm.note(ctx, { thread, text })
  await crm.assign(ctx, { threads: [thread], to: null })
}

/** The newest case of the conversation goes to the team, open again if it was closed; without one a new one does. */
async function caseFor(ctx: Ctx, row: words.Opportunity, thread: string, team: string): Promise<number> {
  const [known] = (await cases.ofThread(ctx, thread)).cases
  if (!known) return (await cases.open(ctx, { thread, title: row.title, team })).number
  if (known.state === 'closed') await cases.reopen(ctx, { case: known.id })
  await cases.change(ctx, { case: known.id, team })
  return known.number
}

export const hearMerged = on(Merged, 'an opportunity keeps a conversation that went into another', async (ctx, happened) => {
  for (const { object, target } of happened) await store.follow(ctx, object!, target!)
  for (const { target } of happened) tell(ctx, `thread:${target}`)
  tell(ctx, 'sales')
})

export const hearMovedBack = on(MovedBack, 'what went back takes its opportunities along', async (ctx, happened) => {
  for (const { object, target } of happened) await store.followBack(ctx, object!, target!)
  for (const { target } of happened) tell(ctx, `thread:${target}`)
  tell(ctx, 'sales')
})
