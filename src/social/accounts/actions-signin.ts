/** Signing in at a network, in the browser (OAuth 2, RFC 6749): there and back within ten minutes, in one session, once. */
import { z } from 'zod'
import { action, line } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { hashOf, newToken, seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { houseOrigin } from '#kernel/origin.ts'
import type { SignIn, Step, WayBack } from '#social/channels/words.ts'
import { goOn, type OpenAttempt, tryConnection } from './actions-attempts.ts'
import { endSteps, wayIsOpen } from './rules.ts'
import * as store from './store.ts'
import { isSafeLink } from './words.ts'

/** What is kept between the way there and the way back. */
export interface SigningIn {
  url: string
  keep: unknown
  /** What the network said on the way back; null before it, and once it was used. */
  query: string | null
}

export const signingIn = async (ctx: Ctx, { sign_in }: store.AttemptRow): Promise<SigningIn | null> =>
  sign_in ? JSON.parse(await unseal(ctx, sign_in)) : null

const patience = 600_000
type Tell = (step: Step) => void

/** What was asked, completed by the sign-in where one is needed; null while a person is on their way to the network and back. */
export async function signInFirst(org: string, it: OpenAttempt, tell: Tell): Promise<Record<string, unknown> | null> {
  const { signIn } = it.channel
  if (!signIn) return it.asked
  if (!it.signIn) return (await send(org, it, signIn, tell)) ? null : it.asked
  return it.signIn.query === null ? it.asked : receive(org, it, signIn, tell)
}

/** True when a person is sent to the network. */
async function send(org: string, { row, channel, asked }: OpenAttempt, signIn: SignIn, tell: Tell): Promise<boolean> {
  const state = newToken()
  const begun = await beginSafely(signIn, asked, { url: backTo(channel.name), state }).catch(error => {
    tell({ says: 'accounts.stepPrepare', state: 'failed' })
    throw error
  })
  if (!begun) return false
  tell({ says: 'accounts.stepSignIn', values: { host: new URL(begun.url).host }, state: 'running' })
  const until = new Date(now().getTime() + patience)
  await asSystem(org, async ctx => {
    const sign_in = await seal(ctx, JSON.stringify({ ...begun, query: null } satisfies SigningIn))
    await goOn(ctx, row.id, { state: 'signIn', sign_in, way: hashOf(state), until })
  })
  return true
}

async function beginSafely(signIn: SignIn, asked: Record<string, unknown>, way: WayBack) {
  const begun = await signIn.begin(asked, way)
  if (begun && !isSafeLink(begun.url)) throw new ChannelError('rejected', { says: 'accounts.signInUnsafe' })
  return begun
}

const backTo = (channel: string): string => `${houseOrigin()}/settings/channels/connect/${channel}/back`

async function receive(org: string, it: OpenAttempt, signIn: SignIn, tell: Tell): Promise<Record<string, unknown>> {
  const { url, keep, query } = it.signIn!
  const asked = await signIn.finish(it.asked, new URLSearchParams(query!), keep)
  tell({ says: 'accounts.stepSignIn', values: { host: new URL(url).host }, state: 'done' })
  await asSystem(org, async ctx => {
    const sign_in = await seal(ctx, JSON.stringify({ url, keep: null, query: null } satisfies SigningIn))
    await store.changeAttempt(ctx, it.row.id, { asked: await seal(ctx, JSON.stringify(asked)), sign_in })
  })
  return asked
}

export const cameBack = action({
  says: 'Come back from signing in at a network; what it said is tried',
  who: 'channels.own',
  published: false,
  takes: z.strictObject({ channel: line(60), query: z.string().max(8000) }),
  gives: z.object({ attempt: z.string() }),
  run: async (ctx, { channel, query }) => {
    const said = new URLSearchParams(query)
    const state = said.get('state')
    const found = state ? await store.attemptByWay(ctx, channel, hashOf(state)) : undefined
    const row = found && (await store.attempt(ctx, found.id))
    if (!row) return refuse('notFound', 'accounts.signInUnknown')
    if (row.state !== 'signIn') return refuse('conflict', 'accounts.signInUsed')
    await take(ctx, row, said)
    return { attempt: row.id }
  },
})

async function take(ctx: Ctx, row: store.AttemptRow, said: URLSearchParams): Promise<void> {
  const fault = faultOf(ctx, row, said)
  const sign_in = fault ? row.sign_in : await seal(ctx, JSON.stringify({ ...(await signingIn(ctx, row)), query: said.toString() }))
  if (!(await store.leaveWaiting(ctx, row.id, { state: fault ? 'failed' : 'running', says: fault, sign_in })))
    return refuse('conflict', 'accounts.signInUsed')
  if (fault) await store.changeAttempt(ctx, row.id, { steps: endSteps(row.steps) })
  else await later(ctx, tryConnection, { attempt: row.id })
  tell(ctx, `attempt:${row.id}`)
}

/** What was typed stays with the attempt, whatever is wrong with the way back. */
function faultOf(ctx: Ctx, row: store.AttemptRow, said: URLSearchParams): string | null {
  const way = wayIsOpen(row, { session: ctx.actor.session ?? null, person: ctx.actor.person, at: ctx.now })
  if (way !== 'open') return way === 'late' ? 'accounts.signInLate' : 'accounts.signInElsewhere'
  const error = said.get('error')
  if (error === null) return null
  return error === 'access_denied' ? 'accounts.signInRefused' : 'accounts.signInFault'
}
