import { z } from 'zod'
import { action, id, line, parse } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { allAccounts, cardOf, keepAccount, type Opened, openAccount, removeAccount, standBy, theChannel } from '#social/channels/actions.ts'
import { accountCard, type Channel, mayBePersonal } from '#social/channels/words.ts'
import { askedBefore, beginAttempt, keeperOf } from './actions-attempts.ts'
import * as rules from './rules.ts'
import * as words from './words.ts'

export { attempt, forgetAttempts, tryConnection } from './actions-attempts.ts'
export { lookAfter, withoutOwner } from './actions-care.ts'
export { cameBack } from './actions-signin.ts'

async function theAccount(ctx: Ctx, account: string, deed: 'look' | 'settings' = 'look'): Promise<Opened> {
  const opened = await openAccount(ctx, account)
  if (!opened || opened.row.removed_at) return refuse('notFound', 'accounts.noAccount')
  rules.mayKeep(opened.row, keeperOf(ctx), deed)
  return opened
}

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
/** Days of what was there before; 0 for none of it. */
const history = z.coerce.number().int().min(0).max(words.allDays)

export const connect = action({
  says: 'Connect an account: what is asked for first, or more of the settings; the rest is found, each step is tried and told',
  who: 'channels.own',
  takes: z.strictObject({
    channel: line(60),
    asked: filled,
    after: id.optional(),
    history: history.optional(),
    anew: z.boolean().optional(),
    /** One's own: only oneself reads what comes, and whom one lets. */
    personal: z.boolean().default(false),
  }),
  gives: z.object({ attempt: id }),
  run: async (ctx, { channel: name, asked, after, history, anew, personal: wanted }) => {
    const channel = theChannel(name)
    const before = after ? await askedBefore(ctx, after, name) : undefined
    const personal = before?.personal ?? wanted
    if (personal && !mayBePersonal(channel)) refuse('conflict', 'accounts.notPersonal')
    if (before?.account) await theAccount(ctx, before.account, 'settings')
    else if (!personal && !keeperOf(ctx).manages) refuse('forbidden', 'kernel.forbidden')
    const known = before ? {} : await alikeTo(ctx, channel, asked)
    const more = { before: anew ? {} : before?.asked, account: before?.account, history: history ?? before?.history, personal }
    return beginAttempt(ctx, channel, { ...known, ...asked }, more)
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

export const signInAgain = action({
  says: 'Connect an account again by signing in at its network; its secrets are replaced',
  who: 'channels.own',
  takes: z.strictObject({ account: id }),
  gives: z.object({ attempt: id }),
  run: async (ctx, input) => {
    const { row, channel, account } = await theAccount(ctx, input.account, 'settings')
    if (!channel.signIn) return refuse('conflict', 'accounts.noSignIn')
    const asked = rules.withoutSecrets(rules.fieldsOf(channel.settings), account.settings as Record<string, unknown>)
    return beginAttempt(ctx, channel, asked, attemptFor(row))
  },
})

export const change = action({
  says: 'Change the settings of an account; they are tried before they are kept, and secrets that are left out stay',
  who: 'channels.own',
  takes: z.strictObject({ account: id, settings: filled }),
  gives: z.object({ attempt: id }),
  run: async (ctx, input) => {
    const { row, channel, account } = await theAccount(ctx, input.account, 'settings')
    return beginAttempt(ctx, channel, input.settings, { before: account.settings as Record<string, unknown>, ...attemptFor(row) })
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
    return beginAttempt(ctx, channel, settings, { before: settings, ...attemptFor(row) })
  },
})

const attemptFor = (row: Opened['row']) => ({ account: row.id, personal: row.personal !== null })

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
