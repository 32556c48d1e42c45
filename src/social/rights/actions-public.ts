/**
 * For people without an account: they ask by their address, and prove it by a link in a mail. The link itself holds what was asked, so that an address which
 * anybody typed is kept nowhere; and everybody gets one, so that nobody learns which addresses are known.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parse } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import { sign, signedBy } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { count, limits } from '#kernel/limits.ts'
import { log } from '#kernel/log.ts'
import { language, languages, t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { publicOrganisation } from '#social/access/actions.ts'
import { claim } from '#social/activities/actions.ts'
import { organisationOf } from '#social/members/actions.ts'
import { signInNetwork, whoHas } from '#social/people/actions.ts'
import { type Link, mailTo } from './actions-answering.ts'
import { noteAsked } from './actions-noting.ts'
import { type RequestKind, requestKinds, yourData } from './words.ts'

/** Whom one asks: by its name in addresses or its id, else the one that this house is known for. */
export const whoIsAsked = publicOrganisation

const typed = z.string().trim().toLowerCase().max(254).pipe(z.email())
const asking = z.strictObject({ kind: z.enum(requestKinds), address: typed })

/** Mails a link to whoever may have typed this address. Nobody waits for it: the answer tells nothing. */
export async function askByAddress(org: string, given: { kind?: unknown; address?: unknown }, visitor: string): Promise<void> {
  await count(limits.askingFrom, visitor)
  const it = parse(asking, given)
  if (!(await isFirstFew(it.address))) return
  void mailProof({ ...it, org, language: language() }).catch(error =>
    log.error({ err: error }, 'the mail that proves an address was not sent'),
  )
}

/** A mailbox gets few such mails, whoever asks for them. */
async function isFirstFew(address: string): Promise<boolean> {
  try {
    await count(limits.askingAbout, address)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

// —— the link ——

const signedFor = 'data asked for by its address'
const patience = 86_400_000

const asked = z.strictObject({
  org: z.uuid(),
  kind: z.enum(requestKinds),
  address: typed,
  language: z.enum(languages),
  /** Milliseconds. */
  until: z.number(),
  once: z.string(),
})
type Asked = z.output<typeof asked>

function proofLink(it: Omit<Asked, 'until' | 'once'>): string {
  const whole: Asked = { ...it, until: now().getTime() + patience, once: randomBytes(16).toString('base64url') }
  const about = Buffer.from(JSON.stringify(whole)).toString('base64url')
  return `${houseOrigin()}${yourData}/confirm?${new URLSearchParams({ about, sign: sign(signedFor, about), in: it.language })}`
}

/** What was asked, by a link of ours whose time is not over; null for every other. */
function within(link: Link): Asked | null {
  if (!signedBy(signedFor, link.about, link.sign)) return null
  const it = asked.parse(JSON.parse(Buffer.from(link.about, 'base64url').toString('utf8')))
  return it.until > now().getTime() ? it : null
}

async function mailProof(it: Omit<Asked, 'until' | 'once'>): Promise<void> {
  const { name: organisation, zone } = await asSystem(it.org, organisationOf)
  const link = proofLink(it)
  await mailTo(it.address, it.language, zone, () => ({
    title: t(`rights.mail.proof.${it.kind}`, { organisation }),
    lines: [{ text: t('rights.mail.proofOpen'), href: link }, { text: t('rights.mail.proofElse') }],
    why: t('rights.mail.proofWhy', { organisation, address: it.address }),
  }))
}

/** Looking confirms nothing. */
export async function behindProof(link: Link): Promise<{ organisation: string; kind: RequestKind; address: string } | null> {
  const it = within(link)
  return it && { organisation: await asSystem(it.org, async ctx => (await organisationOf(ctx)).name), kind: it.kind, address: it.address }
}

export interface Confirmed {
  organisation: string
  kind: RequestKind
  /** A day; null where nothing is known of this address. */
  dueOn: string | null
}

/** The request of whoever reads mail at this address, which colleagues carry out. Once: null for a link that was used, or is none of ours. */
export async function confirm(link: Link): Promise<Confirmed | null> {
  const it = within(link)
  if (!it) return null
  return asSystem(it.org, async ctx => {
    if ((await claim(ctx, [`rights ${it.once}`])).size === 0) return null
    const { name: network, normalise } = signInNetwork()
    const [person] = await whoHas(ctx, [{ network, normal: normalise(it.address) }])
    const { kind, address, language } = it
    const noted = person ? await noteAsked(ctx, { person, kind, how: 'form', address, language }) : null
    return { organisation: (await organisationOf(ctx)).name, kind, dueOn: noted?.dueOn ?? null }
  })
}
