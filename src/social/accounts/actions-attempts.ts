/** How a connection is tried: what was asked is completed by signing in at the network, where it has that, then by what is found. Every step is told. */
import { z } from 'zod'
import { action, id, parse } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { may } from '#kernel/permissions.ts'
import { channelNamed, type Found, keepAccount, type Opened, openAccount, theChannel } from '#social/channels/actions.ts'
import type { Channel, Step } from '#social/channels/words.ts'
import { type SigningIn, signInFirst, signingIn } from './actions-signin.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

type Asked = Record<string, unknown>

interface Beginning {
  /** What was known before: its secrets stay where none is given anew. */
  before?: Asked | undefined
  account?: string | null | undefined
  history?: number | null | undefined
  /** It becomes the own account of whoever tries it. */
  personal?: boolean | undefined
}

export const keeperOf = (ctx: Ctx): rules.Keeper => ({ person: ctx.actor.person, manages: may(ctx.actor, 'channels.manage') })

export async function beginAttempt(ctx: Ctx, channel: Channel, given: Asked, more: Beginning): Promise<{ attempt: string }> {
  const whole = rules.keepSecrets(rules.fieldsOf(channel.settings), given, more.before ?? {})
  const asked = await seal(ctx, JSON.stringify(parse(rules.askedSchema(channel), whole)))
  const attempt = newId()
  const { person: by, session = null } = ctx.actor
  const whose = { account: more.account ?? null, history: more.history || null, personal: more.personal ?? false, by, session }
  const fresh = { steps: [], state: 'running' as const, says: null, sign_in: null, way: null, until: null }
  await store.addAttempt(ctx, { ...fresh, ...whose, id: attempt, channel: channel.name, asked, at: ctx.now })
  await later(ctx, tryConnection, { attempt })
  return { attempt }
}

/** What was asked in an attempt before, so that nothing secret must be typed twice. */
export async function askedBefore(ctx: Ctx, attempt: string, channel: string) {
  const row = await store.attempt(ctx, attempt)
  if (!row || row.channel !== channel || !rules.goesOnWith(row, keeperOf(ctx))) return refuse('notFound', 'kernel.notFound')
  return { asked: await openAsked(ctx, row), account: row.account, history: row.history, personal: row.personal }
}

const openAsked = async (ctx: Ctx, row: store.AttemptRow): Promise<Asked> => (row.asked ? JSON.parse(await unseal(ctx, row.asked)) : {})

export const attempt = action({
  says: 'Show how far an attempt to connect has come',
  who: 'channels.own',
  reads: true,
  published: false,
  takes: z.strictObject({ attempt: id }),
  gives: words.attempt.extend({ asked: z.record(z.string(), z.string()), signIn: z.string().nullable() }),
  run: async (ctx, input) => {
    const row = await store.attempt(ctx, input.attempt)
    if (!row || !rules.goesOnWith(row, keeperOf(ctx))) return refuse('notFound', 'kernel.notFound')
    const asked = rules.shown(rules.fieldsOf(theChannel(row.channel).settings), await openAsked(ctx, row))
    const { id, channel, account, steps, state, says, personal, at } = row
    const signIn = state === 'signIn' ? ((await signingIn(ctx, row))?.url ?? null) : null
    return { id, channel, account, steps, state, says, personal, at, asked, signIn }
  },
})

/** Talks to the network, so no transaction is open meanwhile; each step is written and told by itself. */
export const tryConnection = outsideJob(
  'A connection is tried, step by step',
  z.object({ attempt: z.uuid() }),
  async (org, { attempt }) => {
    const it = await asSystem(org, ctx => openAttempt(ctx, attempt))
    if (!it) return
    const told = teller(org, it.row)
    try {
      const asked = await signInFirst(org, it, told.tell)
      if (!asked) return void (await told.done())
      const found = await it.channel.discover(asked, told.tell, it.opened?.account)
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

export interface OpenAttempt {
  row: store.AttemptRow
  channel: Channel
  asked: Asked
  /** How far the sign-in at the network has come; null before it. */
  signIn: SigningIn | null
  /** The account that is connected again. */
  opened: Opened | null
}

async function openAttempt(ctx: Ctx, attempt: string): Promise<OpenAttempt | null> {
  const row = await store.attempt(ctx, attempt)
  const channel = row && channelNamed(row.channel)
  if (!channel || row.state !== 'running') return null
  const opened = row.account ? await openAccount(ctx, row.account) : null
  return { row, channel, asked: await openAsked(ctx, row), signIn: await signingIn(ctx, row), opened }
}

/** Writes steps one after the other, in their order, while the channel goes on. */
function teller(org: string, { id: attempt, steps: before }: store.AttemptRow) {
  let steps: Step[] = before
  let written: Promise<unknown> = Promise.resolve()
  const tell = (step: Step) => {
    steps = rules.withStep(steps, words.step.parse(step))
    const now = steps
    written = written.then(() => asSystem(org, ctx => goOn(ctx, attempt, { steps: now })))
  }
  return { tell, done: () => written.then(() => steps) }
}

export async function goOn(ctx: Ctx, attempt: string, change: Partial<store.AttemptRow>): Promise<void> {
  await store.changeAttempt(ctx, attempt, change)
  tell(ctx, `attempt:${attempt}`)
}

async function keepConnection(ctx: Ctx, it: OpenAttempt, found: Found, steps: Step[]): Promise<void> {
  const { row, channel } = it
  if (isOtherAccount(it, found)) {
    const asked = await seal(ctx, JSON.stringify(rules.withoutSecrets(rules.fieldsOf(channel.settings), it.asked)))
    return goOn(ctx, row.id, { state: 'failed', says: 'accounts.otherAccount', steps, asked })
  }
  const account = await keepAccount(ctx, channel, found, row)
  if (account) await goOn(ctx, row.id, { state: 'done', asked: '', account, steps })
  else await goOn(ctx, row.id, { state: 'failed', says: 'accounts.addressTaken', steps })
}

/** Whoever signs in at a network may be signed in there as somebody else. */
function isOtherAccount({ row, channel, opened }: OpenAttempt, { settings, address }: Found): boolean {
  if (!opened || !row.sign_in) return false
  return !rules.isSameAccount(opened.row.own, (channel.own?.(settings) ?? [address]).map(channel.normalise))
}

export const forgetAttempts = every({ minutes: 30 }, 'What was typed to connect is forgotten after a day', async ctx => {
  await store.forgetAttempts(ctx, new Date(ctx.now.getTime() - 86_400_000))
})
