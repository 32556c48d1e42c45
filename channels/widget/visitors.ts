/** Who visits: a key made from the secret of the visitor's browser, and what was said about the person. */
import { createHash } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import { t } from '#kernel/messages.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Account, Handle } from '#social/channels/words.ts'
import type { Sending } from './calls.ts'
import { identityIn } from './identity.ts'
import type { Settings } from './settings.ts'

export interface Visitor {
  key: string
  name?: string | undefined
  mail?: string | undefined
  /** The site's server signed that the mail is theirs. */
  isProven?: boolean | undefined
  /** What the site calls the person, when its server signed that. */
  sub?: string | undefined
  /** Remote id of the first words: everything later belongs to the same conversation. */
  first: string
}

const day = 86_400_000
/** A visitor who says nothing for so long is forgotten here; what was said stays in the house. */
export const keptFor = 90 * day
export const until = (): Date => new Date(now().getTime() + keptFor)

/** Letters and digits of one case only, as every address; from it nobody finds the secret. */
export const keyOf = (account: string, secret: string): string =>
  createHash('sha256').update(`${account} ${secret}`).digest('hex').slice(0, 32)

export const visitorAt = async (account: Account<Settings>, key: string): Promise<Visitor | undefined> =>
  (await account.memory.get(`visitor/${key}`)) as Visitor | undefined

/** Who says this, with whatever is new about the person. A refusal when a token is there that proves nothing. */
export async function visitorOf(account: Account<Settings>, said: Sending): Promise<Visitor> {
  const key = keyOf(account.id, said.secret)
  const before = await visitorAt(account, key)
  const proven = said.identity ? identityIn(said.identity, { secret: account.settings.secret, account: account.id }) : undefined
  return {
    key,
    name: proven?.name ?? before?.name ?? (said.name ? cleanName(said.name, 100) || undefined : undefined),
    mail: proven?.mail ?? said.mail ?? before?.mail,
    isProven: proven?.mail !== undefined || (before?.isProven && [undefined, before.mail].includes(said.mail)),
    sub: proven?.sub ?? before?.sub,
    first: before?.first ?? `${account.id}/${key}/${said.id}`,
  }
}

export const remember = (account: Account<Settings>, visitor: Visitor): Promise<boolean> =>
  account.memory.set(`visitor/${visitor.key}`, visitor, { until: until() })

/** Without a name, a mark tells visitors apart. Whom the site names is the same person on every device. */
export function handleOf(account: Pick<Account<Settings>, 'id'>, { key, name, sub, mail, isProven }: Omit<Visitor, 'first'>): Handle {
  const also = mail && { also: { address: mail, proven: Boolean(isProven) } }
  const handle = { network: 'widget', address: key, name: name ?? t('widget.someone', { mark: key.slice(0, 4).toUpperCase() }), ...also }
  return sub ? { ...handle, remoteId: `${account.id}/${createHash('sha256').update(sub).digest('hex').slice(0, 40)}` } : handle
}
