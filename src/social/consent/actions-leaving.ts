/** A link by which somebody withdraws from one purpose with one click, in their mail program or on a page, without signing in (RFC 8058). */
import type { Ctx } from '#kernel/context.ts'
import { sign, signedBy } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { record } from '#social/activities/actions.ts'
import { organisationOf } from '#social/members/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const signedFor = 'consent withdrawn by a link'

/** The address that one person may be given for one purpose. */
export function leaveLink(ctx: Ctx, person: string, purpose: string): string {
  const about = `${ctx.org}.${person}.${purpose}`
  return `${houseOrigin()}/leave?${new URLSearchParams({ about, sign: sign(signedFor, about) })}`
}

interface Link {
  about: string
  sign: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whose link it is: checked before anything is read; null for every other. */
function within({ about, sign }: Link): { org: string; person: string; purpose: string } | null {
  const [org = '', person = '', purpose = '', ...more] = about.split('.')
  const isOurs = more.length === 0 && [org, person, purpose].every(each => uuid.test(each)) && signedBy(signedFor, about, sign)
  return isOurs ? { org, person, purpose } : null
}

/** What the link is about; null where it is not ours, or what it names is not there any longer. */
export async function behindLeave(link: Link): Promise<{ org: string; organisation: string; purpose: string } | null> {
  const asked = within(link)
  if (!asked) return null
  return asSystem(asked.org, async ctx => {
    const purpose = (await store.purposes(ctx)).find(each => each.id === asked.purpose)
    const isThere = purpose && (await idsOf(ctx, asked.person)).length > 0
    return isThere ? { org: ctx.org, organisation: (await organisationOf(ctx)).name, purpose: purpose.name } : null
  })
}

/** From now on nothing is sent to them for this purpose; once more changes nothing. False for a link that is not ours. */
export async function leaveBehind(link: Link): Promise<boolean> {
  const asked = within(link)
  if (!asked || !(await behindLeave(link))) return false
  await asSystem(asked.org, async ctx => {
    const [person] = await idsOf(ctx, asked.person)
    if (person && (await store.statesOf(ctx, [person], asked.purpose)).get(person) !== false) await leave(ctx, person, asked.purpose)
  })
  return true
}

async function leave(ctx: Ctx, person: string, purpose: string): Promise<void> {
  const said = { basis: 'consent' as const, allows: false, consent_text: null, source: 'mail', proof: t('consent.byLink') }
  await store.add(ctx, { ...said, id: newId(ctx.now), person, purpose, at: ctx.now, by: null, noted_at: ctx.now })
  await store.putState(ctx, { person, purpose }, rules.counting(await store.entriesOf(ctx, [person], purpose)))
  record(ctx, words.Withdrawn, { object: person, actor: person, side: 'outside', detail: { purpose } })
  tell(ctx, `person:${person}`)
}
