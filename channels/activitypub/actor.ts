/** The account as the network shows it, and the news of it: that it looks otherwise, or is there no more. */
import { now } from '#kernel/clock.ts'
import type { Account } from '#social/channels/words.ts'
import { escaped } from './html.ts'
import { lookOf, type Wearer } from './look.ts'
import { actorOf, everybody, featuredOf, followersOf, hashOf, sharedInboxOf } from './names.ts'
import { context } from './notes.ts'
import { paragraphs } from './page.ts'
import type { Settings } from './settings.ts'
import { keyIdOf, publicPem } from './sign.ts'

export function actorDocument(account: Wearer): Record<string, unknown> {
  const { settings } = account
  const id = actorOf(settings)
  const { username, about, kind } = settings
  const { name, logo, website } = lookOf(account)
  return {
    '@context': context,
    id,
    type: kind,
    preferredUsername: username,
    name,
    ...(about && { summary: paragraphs(about) }),
    url: id,
    ...(logo && { icon: { type: 'Image', url: logo } }),
    ...(website && { attachment: [{ type: 'PropertyValue', name: new URL(website).host, value: linkTo(website) }] }),
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    followers: followersOf(settings),
    following: `${id}/following`,
    featured: featuredOf(settings),
    endpoints: { sharedInbox: sharedInboxOf(settings) },
    manuallyApprovesFollowers: false,
    discoverable: true,
    indexable: true,
    publicKey: { id: keyIdOf(settings), owner: id, publicKeyPem: publicPem(settings) },
  }
}

/** As profiles of the network show it; `me` lets the site say in turn that it is ours. */
const linkTo = (website: string): string => `<a href="${escaped(website)}" rel="me nofollow noopener">${escaped(website)}</a>`

// —— news of it ——

const shown = 'shown'
const lookNow = (account: Account<Settings>): string => hashOf(JSON.stringify(actorDocument(account)))

/** Servers keep a copy of who somebody is: `tell` is called where it is not as it was told last, and what was told is kept after that. */
export async function presentBy(account: Account<Settings>, tell: () => Promise<void>): Promise<void> {
  const look = lookNow(account)
  if ((await account.memory.get(shown)) === look) return
  await tell()
  await account.memory.set(shown, look)
}

/** As it looks when it is told, so that of two changes the later one stays. */
export function renewal(account: Account<Settings>): Record<string, unknown> {
  const id = actorOf(account.settings)
  const { '@context': _, ...object } = actorDocument(account)
  const addressed = { to: [everybody], cc: [followersOf(account.settings)] }
  return { '@context': context, id: `${id}#update-${now().getTime()}`, type: 'Update', actor: id, ...addressed, object }
}

/** The last that is heard of it. */
export function farewell({ settings }: Account<Settings>): Record<string, unknown> {
  const id = actorOf(settings)
  return { '@context': context, id: `${id}#delete`, type: 'Delete', actor: id, to: [everybody], object: id }
}

export const goneActor = (server: string, username: string) => ({ id: actorOf({ server, username }), type: 'Tombstone' })
