/** Where readers find our feeds: the documents, a page for people, each post and its files. */
import type { Call, Called, Door, SaidOpenly } from '#social/channels/words.ts'
import { documentAt, type Format, feedAt, formats, hubAt, remoteIdOf, types } from './addresses.ts'
import { answered, nothing } from './answers.ts'
import { type Leaf, writtenIn } from './documents.ts'
import { entryOf, filesOf } from './entry.ts'
import { take } from './hub.ts'
import { dressed } from './look.ts'
import { page, postPage } from './page.tsx'
import type { Settings } from './settings.ts'

const most = 50

type Answer = (call: Call<Settings>, it: Called<Settings>) => Promise<Response>

/** A feed that does not exist answers as everything that does not. */
const door = (method: 'GET' | 'POST', path: string, answer: Answer): Door<Settings> => ({
  method,
  path: `/syndication/:feed${path}`,
  answer: async call => {
    const it = await call.account({ address: call.params.feed ?? '' })
    return it ? answer(call, it) : nothing()
  },
})

export const doors: Door<Settings>[] = [
  ...Object.entries(formats).map(([format, file]) => door('GET', `/${file}`, (call, it) => documentFor(call, it, format as Format))),
  door('GET', '', async (call, it) => {
    const leaf = await leafOf(call, it, feedAt(it.account.settings.path))
    return leaf ? answered(call.request, await page(leaf), { type: 'text/html; charset=utf-8', changedAt: leaf.changedAt }) : nothing()
  }),
  door('GET', '/posts/:post', async (call, it) => {
    const post = await it.saidAs(remoteIdOf(call.params.post ?? ''))
    if (!post) return nothing()
    const entry = entryOf(it.account.settings.path, post)
    return answered(call.request, await postPage(dressed(it.account), entry), {
      type: 'text/html; charset=utf-8',
      changedAt: entry.changedAt,
    })
  }),
  door('GET', '/posts/:post/files/:file', async (call, it) => fileFor(call, await it.saidAs(remoteIdOf(call.params.post ?? '')))),
  door('POST', '/hub', (call, it) => take(call, it.account)),
]

async function documentFor(call: Call<Settings>, it: Called<Settings>, format: Format): Promise<Response> {
  const { path } = it.account.settings
  const leaf = await leafOf(call, it, documentAt(path, format))
  if (!leaf) return nothing()
  const link = `<${hubAt(path)}>; rel="hub", <${documentAt(path, format)}>; rel="self"`
  return answered(call.request, writtenIn(format, leaf), {
    type: `${types[format]}; charset=utf-8`,
    changedAt: leaf.changedAt,
    more: { link },
  })
}

/** One page of it, which `before` tells. Undefined for a page that nobody was given. */
async function leafOf(call: Call<Settings>, { account, said }: Called<Settings>, address: string): Promise<Leaf | undefined> {
  const before = new URL(call.request.url).searchParams.get('before')
  if (before !== null && !/^[\w.:=-]{1,300}$/.test(before)) return undefined
  const { items, next } = await said({ limit: most, ...(before && { before }) })
  const entries = items.map(each => entryOf(account.settings.path, each))
  const changed = Date.parse(String((await account.memory.get('changed')) ?? '')) || 0
  const pageOf = (cursor: string) => `${address}?before=${encodeURIComponent(cursor)}`
  return {
    settings: dressed(account),
    entries,
    changedAt: new Date(Math.max(changed, ...entries.map(each => each.changedAt.getTime()))),
    self: before ? pageOf(before) : address,
    ...(next && { older: pageOf(next) }),
  }
}

/** What a browser only shows; everything else is for keeping, so that no file of ours runs as a page of the house. */
const harmless = /^(image\/(png|jpeg|gif|webp|avif)|audio\/[\w.+-]{1,60}|video\/[\w.+-]{1,60})$/

function fileFor(call: Call<Settings>, post: SaidOpenly | null): Response {
  const file = post && /^\d{1,3}$/.test(call.params.file ?? '') ? filesOf(post.draft)[Number(call.params.file)]?.file : undefined
  if (!post || !file) return nothing()
  const isShown = harmless.test(file.type)
  const more = {
    'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
    'content-security-policy': "default-src 'none'; sandbox",
  }
  const type = isShown ? file.type : 'application/octet-stream'
  return answered(call.request, new Uint8Array(file.content), { type, changedAt: post.changedAt ?? post.at, more })
}
