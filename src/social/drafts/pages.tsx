import { jsonOf } from '#kernel/body.ts'
import { ActionForm, Button, EmptyState, Item, ItemList, Page, PageHead, RelativeTime } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, raw, type See } from '#kernel/page.tsx'
import * as drafts from './actions.ts'
import { limits } from './rules.ts'

const keyIn = ({ params }: See): string => params.key ?? ''

export const putDraft = raw('PUT', '/drafts/:key', 'self.manage', async (c, see) => {
  const body = await jsonOf(c.req.raw, limits.bytes)
  await drafts.keep(see!.ctx, { key: keyIn(see!), body: body as never })
  return c.json({})
})

export const getDraft = raw('GET', '/drafts/:key', 'self.manage', async (c, see) =>
  c.json({ fields: await drafts.draftOf(see!.ctx, keyIn(see!)) }),
)

export const deleteDraft = raw('DELETE', '/drafts/:key', 'self.manage', async (c, see) => {
  await drafts.drop(see!.ctx, { key: keyIn(see!) })
  return c.json({})
})

/** Everything that was begun and not sent. */
export const draftsPage = page('/drafts', { who: 'self.manage', finds: () => [{ title: t('drafts.title'), icon: 'edit' }] }, async see => {
  const { items } = await drafts.list(see.ctx, {})
  return {
    title: t('drafts.title'),
    body: (
      <Page width="reading">
        <PageHead title={t('drafts.title')} detail={t('drafts.why')} />
        {items.length === 0 ? (
          <EmptyState title={t('drafts.empty')} why={t('drafts.why')} icon="edit" />
        ) : (
          <ItemList label={t('drafts.title')}>
            {items.map(({ key, body, at }) => (
              <Item
                href={placeOf(key)}
                title={<bdi>{wordsOf(body)}</bdi>}
                detail={<RelativeTime at={at} />}
                end={<Discard draftKey={key} />}
              />
            ))}
          </ItemList>
        )}
      </Page>
    ),
  }
})

const placeOf = (key: string): string | undefined => (/^thread:[0-9a-f-]{36}$/.test(key) ? `/threads/${key.slice(7)}` : undefined)

function wordsOf(body: unknown): string {
  const fields = (body as { fields?: Record<string, unknown> } | null)?.fields ?? {}
  return Object.values(fields).map(String).join(' ').slice(0, 200)
}

const Discard = ({ draftKey }: { draftKey: string }) => (
  <ActionForm action="/drafts/discard" fields={{ key: draftKey }}>
    <Button size="small" look="bare" icon="trash">
      {t('drafts.discard')}
    </Button>
  </ActionForm>
)

export const doDiscard = form('/drafts/discard', drafts.drop, {
  done: (_see, { was }, { key }) => ({
    stay: true,
    say: 'drafts.discarded',
    ...(was !== null && { undo: { path: '/drafts/again', fields: { key, body: JSON.stringify(was).slice(0, 200_000) } } }),
  }),
})

export const doKeepAgain = form('/drafts/again', drafts.keep, {
  read: fields => ({ key: String(fields.get('key') ?? ''), body: asJson(String(fields.get('body') ?? '')) as never }),
  done: () => ({ stay: true }),
})

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
