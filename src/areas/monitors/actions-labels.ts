/** What is found out of a post that somebody listens for: language and mood, then what it is like, and how likely a program wrote it. */
import type { Ctx } from '#kernel/context.ts'
import { languagesOf } from '#kernel/language-of.ts'
import { type Authors, authors, type Groups, groups, sketchOf, suspicion } from '#social/alike/actions.ts'
import { moodOf } from '#social/mood/actions.ts'
import { lately } from './store-heard.ts'
import type { Heard, Mood } from './words.ts'

export interface Labels {
  language: string | null
  mood: Mood | null
  sure: number | null
}

/** Some 20 µs for a post. */
export function labelled({ text, language: said }: Heard): Labels {
  const language = said?.toLowerCase() || languagesOf([text])[0]!
  const { mood, sure } = moodOf(text, language?.split('-')[0] ?? null)
  return { language, mood, sure: mood && sure }
}

export interface Company {
  bot: number
  spam: number
  /** The first of its group of near-duplicates, where that is another. */
  alike: string | null
}

interface Known {
  groups: Groups
  authors: Authors
}

const known = new Map<string, Known>()
const [mostGroups, hours, mostRead] = [30_000, 72, 3000]
const linking = /https?:\/\//

/** What has been heard lately is known again after a start. Each process knows what it heard itself. */
async function knownIn(ctx: Ctx): Promise<Known> {
  const there = known.get(ctx.org)
  if (there) return there
  const it = { groups: groups({ most: mostGroups, hours }), authors: authors({ most: 20_000 }) }
  for (const { id, at, text } of await lately(ctx, new Date(ctx.now.getTime() - hours * 3_600_000), mostRead))
    it.groups.group(sketchOf(text), id, at.getTime())
  known.set(ctx.org, it)
  return it
}

/** In the order of the posts; those are kept whatever it says. */
export async function companyOf(ctx: Ctx, source: string, posts: readonly { id: string; at: Date; heard: Heard }[]): Promise<Company[]> {
  const it = await knownIn(ctx)
  return posts.map(({ id, at, heard: { text, author, followers } }) => {
    const first = it.groups.group(sketchOf(text), id, at.getTime())
    const alike = first === id ? null : first
    const habits = author
      ? it.authors.hear(`${source} ${author}`, at.getTime(), { alike: alike !== null, linking: linking.test(text) })
      : undefined
    const { bot, spam } = suspicion({ text, habits, ...(typeof followers === 'number' && { followers }) })
    return { bot, spam, alike }
  })
}
