import { z } from 'zod'
import { action, cursor, id, limit, line } from '#kernel/action.ts'
import type { Actor, Ctx, Role } from '#kernel/context.ts'
import { asSystem, forgetHabits } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { hashPassword } from '#kernel/identity/passwords.ts'
import { accountChanged, openSession } from '#kernel/identity/sessions.ts'
import { makeToken, spendWithin, tokenIs } from '#kernel/identity/tokens.ts'
import { newId } from '#kernel/ids.ts'
import { job, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { sendMail } from '#kernel/mail.ts'
import { inLanguage, languages, t } from '#kernel/messages.ts'
import { accountKnown, admit, mayBePassword, resetLink, type Visitor } from '#social/access/actions.ts'
import { email, newPassword, personName } from '#social/access/words.ts'
import { record } from '#social/activities/actions.ts'
import { findOrMeet, joinAsColleague, leaveAsColleague, signInNetwork, whoHas } from '#social/people/actions.ts'
import { begin } from '#social/sides/actions.ts'
import { hoursHold, keepsAnOwner, mayChange, mayGive, worksHere } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** Dates as people write them, one on each line. */
export { datesIn } from './rules.ts'

const member = z.object({
  account: id,
  person: id,
  role: words.roleName,
  name: z.string(),
  email: z.string(),
  createdAt: z.date(),
  suspendedAt: z.date().nullable(),
  secondFactor: z.boolean(),
  language: z.string().nullable(),
})

export const list = action({
  says: 'List the members of the organisation',
  who: 'members.manage',
  reads: true,
  takes: z.strictObject({ q: z.string().max(200).optional(), after: cursor, limit }),
  gives: z.object({ items: z.array(member), next: z.string().nullable() }),
  run: async (ctx, input) => {
    const items = await store.members(ctx, input)
    const last = items.at(-1)
    return { items, next: last && items.length === input.limit ? `${last.name}\n${last.account}` : null }
  },
})

export const invitations = action({
  says: 'List the invitations that are still open',
  who: 'members.manage',
  reads: true,
  published: false,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.object({ hash: z.string(), email: z.string(), role: words.roleName, expiresAt: z.date() })) }),
  run: async ctx => ({ items: await store.invitations(ctx) }),
})

/** A link for seven days, mailed where the server can mail; whoever invites may also hand it over. */
export const invite = action({
  says: 'Invite somebody by e-mail or link',
  who: 'members.manage',
  takes: z.strictObject({ email, role: words.roleName, origin: z.url().max(300).optional() }),
  gives: z.object({ path: z.string() }),
  run: async (ctx, input) => {
    mayGive(ctx.actor.role, input.role)
    if (await store.memberByEmail(ctx, input.email))
      throw new Refusal('conflict', 'members.alreadyMember', {}, { fields: [{ field: 'email', key: 'members.alreadyMember' }] })
    const path = `/invitation?token=${await makeToken({ purpose: 'invitation', org: ctx.org, detail: { email: input.email, role: input.role }, minutes: 7 * 1440 })}`
    record(ctx, words.Invited, { detail: { role: input.role } })
    if (input.origin) await later(ctx, mailInvitation, { to: input.email, link: input.origin + path })
    return { path }
  },
})

export const mailInvitation = job(
  'The invited person gets a mail',
  z.object({ to: z.string(), link: z.string() }),
  async (ctx, { to, link }) => {
    const { name } = await store.organisation(ctx)
    const mail = inLanguage(ctx.language, () => ({
      to,
      subject: t('members.inviteSubject', { organisation: name }),
      text: t('members.inviteText', { organisation: name, link }),
    }))
    await sendMail(mail)
  },
)

export const withdraw = action({
  says: 'Withdraw an open invitation',
  who: 'members.manage',
  published: false,
  takes: z.strictObject({ hash: line(100) }),
  gives: z.object({}),
  run: async (ctx, { hash }) => {
    const { numDeletedRows } = await store.withdraw(ctx, hash)
    if (numDeletedRows === 0n) refuse('notFound', 'kernel.notFound')
    return {}
  },
})

/** What an invitation offers, without using it up. */
export async function invitationIs(
  token: string,
): Promise<{ org: string; email: string; role: Role; known: boolean; organisation: string } | null> {
  const open = await tokenIs(token, 'invitation')
  if (!open?.org) return null
  const { email: address, role } = open.detail as { email: string; role: Role }
  const { name } = await asSystem(open.org, store.organisation)
  return { org: open.org, email: address, role, known: await accountKnown(address), organisation: name }
}

export const accepting = z.strictObject({ token: line(100), name: personName.optional(), password: newPassword.optional() })

/** Joins: a new account with name and password, or the account that is signed in with that address. Returns the session's token. */
export async function accept(
  input: z.output<typeof accepting>,
  signedIn: { email: string; accountName: string } | null,
  from: Visitor,
): Promise<string> {
  const open = await invitationIs(input.token)
  if (!open) refuse('gone', 'access.linkGone')
  if (open.known && signedIn?.email !== open.email) throw new Refusal('forbidden', 'members.signInAs', { email: open.email })
  if (await asSystem(open.org, ctx => store.memberByEmail(ctx, open.email))) refuse('conflict', 'members.alreadyMember')
  const { name, password } = input
  if (!open.known && (!name || !password)) throw new Refusal('invalid', 'kernel.invalid', {}, { fields: missing(input) })
  if (password) mayBePassword(password, { name, email: open.email, organisation: open.organisation })
  const hash = password ? await hashPassword(password) : null
  const account = await join(open, input.token, (open.known ? signedIn?.accountName : name) ?? open.email, hash)
  return openSession(account, { complete: true, org: open.org, ...from })
}

const missing = (input: { name?: string; password?: string }) =>
  (['name', 'password'] as const).filter(field => !input[field]).map(field => ({ field, key: 'kernel.fault.missing' }))

async function join(
  { org, email, role }: { org: string; email: string; role: Role },
  token: string,
  name: string,
  password: string | null,
): Promise<string> {
  const { account } = await asSystem(org, async ctx => {
    if (!(await spendWithin(ctx.db, token, 'invitation'))) refuse('gone', 'access.linkGone')
    const person = await personFor(ctx, { name, email, role })
    const actor = await admit(ctx, { person, role, name, email, password })
    record(ctx, words.Joined, { actor: person, detail: { role } })
    return actor
  })
  return account!
}

/** Who works here is a colleague of their own; who comes from outside is whoever has the address already. */
async function personFor(ctx: Ctx, it: { name: string; email: string; role: Role }): Promise<string> {
  if (!worksHere(it.role)) return personFromOutside(ctx, it)
  const id = newId()
  await joinAsColleague(ctx, { id, name: it.name, email: it.email })
  return id
}

async function personFromOutside(ctx: Ctx, { name, email, role }: { name: string; email: string; role: Role }): Promise<string> {
  const network = signInNetwork()
  const met = { network: network.name, address: email, normal: network.normalise(email), name, because: 'account', at: ctx.now }
  const [known] = await whoHas(ctx, [met])
  if (known && (await store.memberByPerson(ctx, known))) refuse('conflict', 'members.alreadyMember')
  const side = role === 'customer' ? 'customer' : undefined
  const [person] = await findOrMeet(ctx, [met], side)
  if (known && side) await begin(ctx, [{ person: known, side, because: 'account' }])
  return person!
}

const theMember = async (ctx: Ctx, account: string): Promise<store.Member> =>
  (await store.member(ctx, account)) ?? refuse('notFound', 'kernel.notFound')

/** Open pages of theirs end or are drawn anew; who works here is asked for again. */
function changed(ctx: Ctx, account: string): void {
  tell(ctx, 'members')
  ctx.after.push(() => accountChanged(account))
}

export const changeRole = action({
  says: 'Give a member another role; holds at once, in every open page',
  who: 'members.manage',
  takes: z.strictObject({ account: id, role: words.roleName }),
  gives: z.object({ was: words.roleName }),
  run: async (ctx, { account, role }) => {
    const known = await theMember(ctx, account)
    mayChange(ctx.actor, known)
    mayGive(ctx.actor.role, role)
    if (known.role === 'owner' && role !== 'owner') keepsAnOwner(await store.ownersBeside(ctx, account))
    await store.setRole(ctx, account, role)
    await changeSides(ctx, known, role)
    record(ctx, words.RoleChanged, { object: known.person, detail: { from: known.role, to: role } })
    changed(ctx, account)
    return { was: known.role }
  },
})

/** Whoever comes to work here, or no longer does, stands on another side from then on. */
async function changeSides(ctx: Ctx, { person, role: was }: store.Member, role: Role): Promise<void> {
  if (worksHere(was) && !worksHere(role)) await leaveAsColleague(ctx, person)
  const side = role === 'customer' ? 'customer' : worksHere(role) && !worksHere(was) ? 'colleague' : null
  if (side) await begin(ctx, [{ person, side, because: 'account' }])
}

export const suspend = action({
  says: 'Suspend a member: nothing of this organisation opens any more, from now on',
  who: 'members.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    const known = await theMember(ctx, account)
    mayChange(ctx.actor, known)
    if (known.role === 'owner') keepsAnOwner(await store.ownersBeside(ctx, account))
    await store.setSuspended(ctx, account, ctx.now)
    record(ctx, words.Suspended, { object: known.person })
    changed(ctx, account)
    return {}
  },
})

export const reinstate = action({
  says: 'Take a suspension back',
  who: 'members.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    const known = await theMember(ctx, account)
    mayChange(ctx.actor, known)
    await store.setSuspended(ctx, account, null)
    record(ctx, words.Reinstated, { object: known.person })
    changed(ctx, account)
    return {}
  },
})

/** For members without a mail server: a link to a new password, to be handed over. */
export const resetLinkOf = action({
  says: 'Make a link with which a member chooses a new password',
  who: 'members.manage',
  published: false,
  takes: z.strictObject({ account: id }),
  gives: z.object({ path: z.string() }),
  run: async (ctx, { account }) => {
    mayChange(ctx.actor, await theMember(ctx, account))
    return { path: await resetLink(account) }
  },
})

const zone = z.string().max(60).refine(isZone, { error: 'members.noSuchZone' })

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

export interface Organisation extends words.OrganisationSettings {
  id: string
  name: string
  slug: string
  language: string
  zone: string
  demo: boolean
}

/** The organisation and what it chose; every floor above may ask. */
export async function organisationOf(ctx: Ctx): Promise<Organisation> {
  const { settings, ...row } = await store.organisation(ctx)
  return { ...row, ...words.organisationSettings.parse(settings ?? {}) }
}

export const changeOrganisation = action({
  says: 'Change the organisation: name, language, time zone, opening hours, holidays, sign-off, public words',
  who: 'organisation.manage',
  takes: z.strictObject({
    name: line(200).optional(),
    language: z.enum(languages).optional(),
    zone: zone.optional(),
    hours: words.openingHours.optional(),
    holidays: words.holidays.optional(),
    signOff: z.string().max(2000).optional(),
    about: z.string().max(5000).optional(),
  }),
  gives: z.object({}),
  run: async (ctx, { name, language, zone, ...chosen }) => {
    if (chosen.hours) hoursHold(chosen.hours)
    const { hours, holidays, signOff, about } = await organisationOf(ctx)
    await store.changeOrganisation(ctx, { name, language, zone, settings: { hours, holidays, signOff, about, ...withoutGaps(chosen) } })
    record(ctx, words.OrganisationChanged, {
      object: ctx.org,
      detail: { fields: Object.keys(withoutGaps({ name, language, zone, ...chosen })) },
    })
    ctx.after.push(() => void forgetHabits(ctx.org))
    return {}
  },
})

const withoutGaps = (all: Record<string, unknown>) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))

/** Members who can be given work with customers. */
export const workers = (ctx: Ctx): Promise<store.Member[]> => store.byRoles(ctx, working)
const working: Role[] = ['owner', 'administrator', 'manager', 'agent']
/** Everybody who works here, in whichever role. */
export const colleagues = (ctx: Ctx): Promise<store.Member[]> => store.byRoles(ctx, [...working, 'member'])
/** One of them, if this person is. */
export async function workerByPerson(ctx: Ctx, person: string): Promise<store.Member | null> {
  const known = await store.memberByPerson(ctx, person)
  return known && !known.suspendedAt && working.includes(known.role) ? known : null
}
/** A colleague as a job acts for them, while they work here. */
export async function actingAs(ctx: Ctx, person: string | undefined): Promise<Actor | null> {
  const member = person ? await workerByPerson(ctx, person) : null
  return member && { kind: 'person', account: member.account, person: member.person, role: member.role, via: 'job' }
}

export const memberByPerson = store.memberByPerson
export const administratorsOf = (ctx: Ctx): Promise<store.Member[]> => store.byRoles(ctx, ['owner', 'administrator'])

export const audit = action({
  says: 'Read who did what by which door, newest first',
  who: 'organisation.manage',
  reads: true,
  takes: z.strictObject({ before: cursor, limit }),
  gives: z.object({
    items: z.array(z.object({ id, at: z.date(), person: id.nullable(), via: z.string(), action: z.string() })),
    next: z.string().nullable(),
  }),
  run: async (ctx, input) => {
    const items = await store.audit(ctx, input)
    return { items, next: items.length === input.limit ? items.at(-1)!.id : null }
  },
})

// —— the first steps ——

/** Has the actor put the first steps away? Whoever has no account here never sees them. */
export const stepsAway = async (ctx: Ctx): Promise<boolean> => !ctx.actor.account || store.stepsAway(ctx, ctx.actor.account)

export const putStepsAway = action({
  says: 'Put the first steps on the start page away, or bring them back',
  who: 'home.read',
  published: false,
  takes: z.strictObject({ away: z.enum(['yes', 'no']) }),
  gives: z.object({}),
  run: async (ctx, { away }) => {
    if (ctx.actor.account) await store.putStepsAway(ctx, ctx.actor.account, away === 'yes' ? ctx.now : null)
    return {}
  },
})
