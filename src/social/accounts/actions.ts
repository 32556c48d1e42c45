import { z } from 'zod'
import { action, id, line, parse } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { may } from '#kernel/permissions.ts'
import {
  allAccounts,
  cardOf,
  channelNamed,
  type Found,
  keepAccount,
  type Opened,
  openAccount,
  removeAccount,
  standBy,
  theChannel,
} from '#social/channels/actions.ts'
import { accountCard, type Channel, mayBePersonal, type Step } from '#social/channels/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { lookAfter, withoutOwner } from './actions-care.ts'

async function theAccount(ctx: Ctx, account: string, deed: 'look' | 'settings' = 'look'): Promise<Opened> {
  const opened = await openAccount(ctx, account)
  if (!opened || opened.row.removed_at) return refuse('notFound', 'accounts.noAccount')
  rules.mayKeep(opened.row, keeperOf(ctx), deed)
  return opened
}

const keeperOf = (ctx: Ctx): rules.Keeper => ({ person: ctx.actor.person, manages: may(ctx.actor, 'channels.manage') })

export const details = action({
  says: 'Show an account: how it is, and its settings without the secrets',
  who: 'channels.own',
  reads: true,
  takes: z.strictObject({ account: id }),
  gives: z.object({ account: accountCard, settings: z.record(z.string(), z.string()) }),
  run: async (ctx, input) => {
    const { row, channel, account } = await theAccount(ctx, input.account)
    return { account: cardOf(row), settings: rules.shown(rules.fieldsOf(channel.settings), account.settings as Record<string, unknown>) }
  },
})

const filled = z.record(z.string().max(60), z.unknown())

export const connect = action({
  says: 'Connect an account: what is asked for first, or more of the settings; the rest is found, each step is tried and told',
  who: 'channels.own',
  takes: z.strictObject({
    channel: line(60),
    asked: filled,
    after: id.optional(),
    /** One's own: only oneself reads what comes, and whom one lets. */
    personal: z.boolean().default(false),
  }),
  gives: z.object({ attempt: id }),
  run: async (ctx, { channel: name, asked, after, personal: wanted }) => {
    const channel = theChannel(name)
    const before = after ? await askedBefore(ctx, after, name) : undefined
    const personal = before?.personal ?? wanted
    if (personal && !mayBePersonal(channel)) refuse('conflict', 'accounts.notPersonal')
    if (before?.account) await theAccount(ctx, before.account, 'settings')
    else if (!personal && !keeperOf(ctx).manages) refuse('forbidden', 'kernel.forbidden')
    const known = before ? {} : await alikeTo(ctx, channel, asked)
    return begin(ctx, channel, { ...known, ...asked }, before?.asked ?? {}, { account: before?.account ?? null, personal })
  },
})

/** What is known already from the accounts that are everybody's or one's own, the newest first. */
async function alikeTo(ctx: Ctx, channel: Channel, asked: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!channel.alike) return {}
  const rows = (await allAccounts(ctx)).filter(row => row.channel === channel.name && [null, ctx.actor.person].includes(row.personal))
  for (const row of rows.sort((a, b) => b.connected_at.getTime() - a.connected_at.getTime()).slice(0, 50)) {
    const opened = await openAccount(ctx, row.id)
    const known = opened ? channel.alike(opened.account.settings, asked) : {}
    if (Object.keys(known).length) return known
  }
  return {}
}

/** What was asked in an attempt before, so that nothing secret must be typed twice. */
async function askedBefore(ctx: Ctx, attempt: string, channel: string) {
  const row = await store.attempt(ctx, attempt)
  if (!row || row.channel !== channel || !rules.goesOnWith(row, keeperOf(ctx))) return refuse('notFound', 'kernel.notFound')
  return { asked: await openAsked(ctx, row), account: row.account, personal: row.personal }
}

const openAsked = async (ctx: Ctx, row: store.AttemptRow): Promise<Record<string, unknown>> =>
  row.asked ? JSON.parse(await unseal(ctx, row.asked)) : {}

export const change = action({
  says: 'Change the settings of an account; they are tried before they are kept, and secrets that are left out stay',
  who: 'channels.own',
  takes: z.strictObject({ account: id, settings: filled }),
  gives: z.object({ attempt: id }),
  run: async (ctx, input) => {
    const { row, channel, account } = await theAccount(ctx, input.account, 'settings')
    return begin(ctx, channel, input.settings, account.settings as Record<string, unknown>, attemptFor(row))
  },
})

export const keepUntried = action({
  says: 'Keep changed settings of an account although trying them failed, as when its server does not answer; they are tried again by themselves',
  who: 'channels.own',
  takes: z.strictObject({ account: id, settings: filled, after: id.optional() }),
  gives: z.object({}),
  run: async (ctx, { account: wanted, settings: given, after }) => {
    const { row, channel, account } = await theAccount(ctx, wanted, 'settings')
    const before = after ? (await askedBefore(ctx, after, channel.name)).asked : (account.settings as Record<string, unknown>)
    const settings = parse(channel.settings, rules.keepSecrets(rules.fieldsOf(channel.settings), given, before))
    const address = channel.own?.(settings)[0] ?? row.address
    const kept = await keepAccount(ctx, channel, { settings, name: row.name, address }, { account: row.id, by: ctx.actor.person })
    return kept ? {} : refuse('conflict', 'accounts.addressTaken')
  },
})

const places = z.record(z.string().max(60), z.string().max(500))

/** The account as it would be with these places; as it is where they cannot be. */
async function placed(ctx: Ctx, wanted: string, chosen: Record<string, string>) {
  const { row, channel, account } = await theAccount(ctx, wanted, 'settings')
  const settings = rules.withPlaces(rules.fieldsOf(channel.settings), account.settings as Record<string, unknown>, chosen)
  return { row, channel, account, settings }
}

export const examples = action({
  says: 'Show the last things that came to an account, and how they would be heard if it were told otherwise what stands where in them',
  who: 'channels.own',
  reads: true,
  published: false,
  takes: z.strictObject({ account: id, places }),
  gives: z.object({ account: accountCard, settings: z.record(z.string(), z.string()), examples: z.array(words.example) }),
  run: async (ctx, input) => {
    const { row, channel, account, settings } = await placed(ctx, input.account, input.places)
    const tried = channel.settings.safeParse(settings).data ?? account.settings
    const shown = rules.shown(rules.fieldsOf(channel.settings), tried as Record<string, unknown>)
    return { account: cardOf(row), settings: shown, examples: (await channel.examples?.({ ...account, settings: tried })) ?? [] }
  },
})

export const keepPlaces = action({
  says: 'Keep what was chosen by an example of what comes to an account: what stands where in it',
  who: 'channels.own',
  takes: z.strictObject({ account: id, places }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const { row, channel, settings: given } = await placed(ctx, input.account, input.places)
    const found = { settings: parse(channel.settings, given), name: row.name, address: row.address }
    await keepAccount(ctx, channel, found, { account: row.id, by: ctx.actor.person })
    return {}
  },
})

export const tryAgain = action({
  says: 'Test the connection of an account again, step by step',
  who: 'channels.own',
  takes: z.strictObject({ account: id }),
  gives: z.object({ attempt: id }),
  run: async (ctx, input) => {
    const { row, channel, account } = await theAccount(ctx, input.account)
    const settings = account.settings as Record<string, unknown>
    return begin(ctx, channel, settings, settings, attemptFor(row))
  },
})

const attemptFor = (row: Opened['row']) => ({ account: row.id, personal: row.personal !== null })

async function begin(
  ctx: Ctx,
  channel: Channel,
  given: Record<string, unknown>,
  before: Record<string, unknown>,
  it: { account: string | null; personal: boolean },
): Promise<{ attempt: string }> {
  const whole = rules.keepSecrets(rules.fieldsOf(channel.settings), given, before)
  const asked = await seal(ctx, JSON.stringify(parse(rules.askedSchema(channel), whole)))
  const attempt = newId()
  const { person: by } = ctx.actor
  await store.addAttempt(ctx, {
    id: attempt,
    channel: channel.name,
    ...it,
    asked,
    steps: [],
    state: 'running',
    says: null,
    by,
    at: ctx.now,
  })
  await later(ctx, tryConnection, { attempt })
  return { attempt }
}

export const attempt = action({
  says: 'Show how far an attempt to connect has come',
  who: 'channels.own',
  reads: true,
  published: false,
  takes: z.strictObject({ attempt: id }),
  gives: words.attempt.extend({ asked: z.record(z.string(), z.string()) }),
  run: async (ctx, input) => {
    const row = await store.attempt(ctx, input.attempt)
    if (!row || !rules.goesOnWith(row, keeperOf(ctx))) return refuse('notFound', 'kernel.notFound')
    const asked = rules.shown(rules.fieldsOf(theChannel(row.channel).settings), await openAsked(ctx, row))
    const { id, channel, account, steps, state, says, personal, at } = row
    return { id, channel, account, steps, state, says, personal, at, asked }
  },
})

/** Talks to the network, so no transaction is open meanwhile; each step is written and told by itself. */
export const tryConnection = outsideJob(
  'A connection is tried, step by step',
  z.object({ attempt: z.uuid() }),
  async (org, { attempt }) => {
    const it = await asSystem(org, ctx => openAttempt(ctx, attempt))
    if (!it) return
    const told = teller(org, attempt)
    try {
      const found = await it.channel.discover(it.asked, told.tell)
      const steps = await told.done()
      await asSystem(org, ctx => keepConnection(ctx, it, found, steps))
    } catch (error) {
      if (!(error instanceof ChannelError)) log.error({ err: error, channel: it.channel.name }, 'connecting failed')
      const says = error instanceof ChannelError ? error.says : 'accounts.fault'
      const steps = rules.endSteps(await told.done())
      await asSystem(org, ctx => goOn(ctx, attempt, { state: 'failed', says, steps }))
    }
  },
)

interface OpenAttempt {
  row: store.AttemptRow
  channel: Channel
  asked: unknown
}

async function openAttempt(ctx: Ctx, attempt: string): Promise<OpenAttempt | null> {
  const row = await store.attempt(ctx, attempt)
  const channel = row && channelNamed(row.channel)
  return channel && row.state === 'running' ? { row, channel, asked: await openAsked(ctx, row) } : null
}

/** Writes steps one after the other, in their order, while the channel goes on. */
function teller(org: string, attempt: string) {
  let steps: Step[] = []
  let written: Promise<unknown> = Promise.resolve()
  const tell = (step: Step) => {
    steps = rules.withStep(steps, words.step.parse(step))
    const now = steps
    written = written.then(() => asSystem(org, ctx => goOn(ctx, attempt, { steps: now })))
  }
  return { tell, done: () => written.then(() => steps) }
}

async function goOn(ctx: Ctx, attempt: string, change: Partial<store.AttemptRow>): Promise<void> {
  await store.changeAttempt(ctx, attempt, change)
  tell(ctx, `attempt:${attempt}`)
}

async function keepConnection(ctx: Ctx, { row, channel }: OpenAttempt, found: Found, steps: Step[]): Promise<void> {
  const account = await keepAccount(ctx, channel, found, { account: row.account, by: row.by, personal: row.personal })
  if (account) await goOn(ctx, row.id, { state: 'done', asked: '', account, steps })
  else await goOn(ctx, row.id, { state: 'failed', says: 'accounts.addressTaken', steps })
}

export const forgetAttempts = every({ minutes: 30 }, 'What was typed to connect is forgotten after a day', async ctx => {
  await store.forgetAttempts(ctx, new Date(ctx.now.getTime() - 86_400_000))
})

export const pause = action({
  says: 'Pause an account: nothing is heard and nothing goes out until it is resumed',
  who: 'channels.own',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    await theAccount(ctx, account)
    await standBy(ctx, account, 'paused')
    return {}
  },
})

export const resume = action({
  says: 'Resume a paused account; what was said meanwhile is heard now',
  who: 'channels.own',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    await theAccount(ctx, account)
    await standBy(ctx, account, 'active')
    return {}
  },
})

export const remove = action({
  says: 'Remove an account; its settings are forgotten, what was said through it stays',
  who: 'channels.own',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const { row } = await theAccount(ctx, input.account)
    await removeAccount(ctx, row)
    return {}
  },
})
