/** For tests of colleagues' own mailboxes: one that is Anna's, and one that everybody reads. */
import { sql } from 'kysely'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import type { TestHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import * as crm from './actions.ts'
import { letter, nothingSent, post } from './testing.ts'

const channelOfLetters = post({
  listen: { since: async () => ({ heard: [], cursor: '1', more: false }) },
  amend: { edit: async () => {}, remove: async () => {} },
  react: { kinds: ['like'], react: async () => {} },
  moderate: { hide: async () => {}, show: async () => {} },
})

/** Words that nobody else uses, to be looked for. */
export const [subject, words] = ['Quittengelee', 'die Zaubernuss blüht']

export interface PersonalDesk {
  org: string
  owner: Actor
  anna: Actor
  ben: Actor
  cleo: Actor
  own: string
  shared: string
}

export function personalDeskIn(house: TestHouse) {
  const as = <T>(it: PersonalDesk, who: Actor, run: (ctx: Ctx) => Promise<T>): Promise<T> => house.as(it.org, who, run)

  async function connected(org: string, who: Actor, address: string, personal: boolean): Promise<string> {
    const { attempt } = await house.as(org, who, ctx => accounts.connect(ctx, { channel: 'post', asked: { address }, personal }))
    await house.settle()
    return (await house.as(org, who, ctx => accounts.attempt(ctx, { attempt }))).account!
  }

  async function desk(): Promise<PersonalDesk> {
    useChannels([channelOfLetters])
    nothingSent()
    const org = await house.organisation()
    const owner = await house.member(org, 'owner', 'Otto')
    const [anna, ben, cleo] = [
      await house.member(org, 'agent', 'Anna'),
      await house.member(org, 'agent', 'Ben'),
      await house.member(org, 'agent', 'Cleo'),
    ]
    const shared = await connected(org, owner, 'care@us.example', false)
    return { org, owner, anna, ben, cleo, shared, own: await connected(org, anna, 'anna@us.example', true) }
  }

  async function hears(
    it: PersonalDesk,
    account: string,
    more: Partial<HeardMessage> = {},
  ): Promise<{ thread: string; content: string; remoteId: string }> {
    const to = [{ network: 'post', address: account === it.own ? 'anna@us.example' : 'care@us.example' }]
    const message = letter({ to, subject, text: words, ...more })
    await takeInForGood(it.org, { channel: 'post', account }, [message], async () => {})
    await house.settle()
    return asSystem(it.org, async ctx => {
      const { rows } = await sql<{ thread: string; content: string }>`
      select thread, object as content from remote where remote_id = ${message.remoteId} and account = ${account}`.execute(ctx.db)
      return { ...rows[0]!, remoteId: message.remoteId }
    })
  }

  const inView = async (it: PersonalDesk, who: Actor, more: Parameters<typeof crm.list>[1] = {}) =>
    (await as(it, who, ctx => crm.list(ctx, { view: 'all', ...more }))).items.map(each => each.thread)

  return { desk, hears, as, inView }
}
