/** What passes by on the networks and concerns no account of ours: what fits is kept as a mention, and as nothing else. */
import type { Overheard } from '#social/channels/words.ts'
import { overhears } from '#social/listening/words.ts'
import { take, takeAnew, takeOut } from './actions-hearing.ts'
import { listening } from './store-heard.ts'
import type { Heard } from './words.ts'

const heardBy = (account: string, it: Overheard): Heard => ({
  ...{ remoteId: it.remoteId, at: it.at, text: it.text, account, author: it.from.address, authorName: it.from.name ?? null },
  ...{
    followers: it.followers ?? null,
    url: it.url ?? null,
    language: it.language ?? null,
    country: it.country ?? null,
    place: it.place ?? null,
  },
  ...{ kind: it.kind ?? 'post', links: it.links ?? [], answers: it.answers ?? null, shares: it.shares ?? null },
})

export const overhearer = overhears({
  sought: async (ctx, ids) => (await listening(ctx, ids)).map(({ id, query }) => ({ id, query })),
  take: async (ctx, { channel, account }, posts) => {
    const [changed, fresh] = [posts.filter(each => each.changed), posts.filter(each => !each.changed)]
    if (fresh.length) await take(ctx, channel, fresh.map(each => heardBy(account, each))) // biome-ignore format: one line
    if (changed.length) await takeAnew(ctx, channel, changed.map(each => heardBy(account, each))) // biome-ignore format: one line
  },
  forget: (ctx, { channel }, remoteIds) => takeOut(ctx, channel, remoteIds),
})
