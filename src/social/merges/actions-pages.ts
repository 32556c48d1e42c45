/**
 * Pages that name each other as the same person's, by links with `rel=me` (microformats.org, “rel-me”). Only where both sides say it, it speaks for a merge;
 * anybody can name somebody else's page as theirs. Nobody is merged by it.
 */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { laterAll, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { on } from '#social/activities/words.ts'
import { Linked, webPage } from '#social/people/words.ts'
import * as rules from './rules.ts'
import * as store from './store-finding.ts'

const most = { bytes: 1024 * 1024, pages: 5, others: 10 }

export const askPages = on(Linked, 'A page that was added to somebody is asked which others are theirs', async (ctx, happened) => {
  const people = new Set(happened.flatMap(({ object, detail }) => (object && detail.network === webPage.name ? object : [])))
  await laterAll(
    ctx,
    [...people].map(person => ({ kind: lookAtPages, data: { person }, key: person })),
  )
})

export const lookAtPages = outsideJob(
  'Pages of a person are asked for the others that they name',
  z.object({ person: z.uuid() }),
  async (org, { person }) => {
    const own = await asSystem(org, ctx => store.pagesOf(ctx, person, webPage.name, most.pages))
    for (const page of own) await lookAt(org, person, page)
  },
)

async function lookAt(org: string, person: string, page: string): Promise<void> {
  const named = new Map((await linksOf(page)).map(link => [rules.pageTrace(link), link]))
  const others = await asSystem(org, ctx => store.withPages(ctx, person, [...named.keys()].filter(each => each !== null), most.others)) // biome-ignore format: one question
  for (const { person: other, value } of others) {
    const back = (await linksOf(named.get(value)!)).map(rules.pageTrace)
    if (back.includes(rules.pageTrace(page))) await asSystem(org, ctx => keepPair(ctx, person, other, page))
  }
}

/** The pages that this one calls the same person's; none where it cannot be read. */
async function linksOf(page: string): Promise<string[]> {
  try {
    const { status, bytes, url, headers } = await guardedFetch(page, { accept: 'text/html', maxBytes: most.bytes })
    return status === 200 && headers.get('content-type')?.includes('html') ? rules.meLinksIn(Buffer.from(bytes).toString('utf8'), url) : []
  } catch (error) {
    if (error instanceof ChannelError) return []
    throw error
  }
}

async function keepPair(ctx: Ctx, one: string, other: string, page: string): Promise<void> {
  const pairs = rules.pairsOf([{ one, other, because: 'relMe', detail: page.slice(0, 500) }])
  await store.addToPairs(
    ctx,
    pairs.map(pair => ({ ...pair, id: newId() })),
  )
  for (const topic of ['duplicates', `person:${one}`, `person:${other}`]) tell(ctx, topic)
}
