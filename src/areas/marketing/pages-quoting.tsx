/** Choosing what a post quotes: one of ours, or what a link leads to. */
import { Icon, Input, Select, Stack } from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import * as marketing from './actions.ts'
import { wordsOf } from './pages-calendar.tsx'
import type { Post } from './words.ts'

type Stages = Awaited<ReturnType<typeof marketing.stages>>

/** The latest that went out, and the one that is quoted already, however old it is; none where no network quotes. */
export async function quotableFor(see: See, { quotesPost }: Post, stages: Stages): Promise<Post[]> {
  if (!stages.some(each => each.quotes)) return []
  const gone = await marketing.list(see.ctx, { view: 'gone', limit: 30 })
  const items = gone.items.filter(each => each.variants.some(({ state }) => state === 'sent'))
  const isThere = !quotesPost || items.some(each => each.id === quotesPost)
  return isThere ? items : [...items, ...(await marketing.show(see.ctx, { post: quotesPost }).then(one => [one], () => []))] // biome-ignore format: one thought
}

/** What somebody said goes along with our words, where a network can do that. */
export const Quotes = ({ post, stages, quotable }: { post: Post; stages: Stages; quotable: Post[] }) =>
  stages.some(each => each.quotes) && (
    <details class="folded post-quotes" open={Boolean(post.quotesPost || post.quotesLink) || undefined}>
      <summary>
        <Icon name="quote" size={14} />
        {t('marketing.quote')}
      </summary>
      <Stack gap="small">
        {quotable.length > 0 && (
          <Select
            name="quotesPost"
            label={t('marketing.quoteOurs')}
            empty={t('marketing.quoteNone')}
            value={post.quotesPost ?? undefined}
            choices={quotable.map(each => ({ value: each.id, label: `${wordsOf(each).slice(0, 60)} · ${date(each.at)}` }))}
          />
        )}
        <Input
          name="quotesLink"
          label={t('marketing.quoteLink')}
          hint={t('marketing.quoteLinkWhy')}
          value={post.quotesLink}
          maxlength={2000}
          inputmode="url"
          autocomplete="off"
          optional
        />
      </Stack>
    </details>
  )
