import { threadPanel } from '#areas/crm/words.ts'
import { bodyOf } from '#kernel/body.ts'
import { refuse } from '#kernel/errors.ts'
import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  CodeBlock,
  EmptyState,
  Page,
  PageHead,
  Pager,
  Panel,
  Quiet,
  RelativeTime,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer, page, raw, type See } from '#kernel/page.tsx'
import { personPanel } from '#social/people/words.ts'
import { threadDoor } from '#social/threads/words.ts'
import * as records from './actions.ts'
import { cardsOf, pathOf } from './pages-list.tsx'

export {
  doArchiveKind,
  doChangeKind,
  doKindBack,
  doMakeKind,
  kindPage,
  kindsPage,
  newPage,
  settingsCard,
} from './pages-kinds.tsx'
export { csv, listPage, overviewPage } from './pages-list.tsx'
export { recordPage } from './pages-record.tsx'
export {
  doAsk,
  doChangeSource,
  doMakeAddress,
  doMakeDoor,
  doPause,
  doPlaces,
  doRemoveSource,
  doRenewSecret,
  doResume,
  doSourceBack,
  sourcePage,
} from './pages-sources.tsx'

// —— what did not go in ——

export const refusedPage = page('/records/:kind{[a-z][a-z0-9-]*}/refused', { who: 'records.write', section: 'records' }, async see => {
  const kind = await records.kindNamed(see.ctx, see.params.kind!)
  const { items, next } = await records.refused(see.ctx, { kind: kind.name, before: see.query.get('before') ?? undefined })
  return {
    title: t('records.refused'),
    live: [`records.refused:${kind.id}`],
    body: (
      <Page width="narrow">
        <PageHead
          title={t('records.refused')}
          detail={t('records.refusedWhy')}
          above={
            <Breadcrumb
              crumbs={[
                { label: t('records.records'), href: '/records' },
                { label: kind.many, href: pathOf(kind) },
                { label: t('records.refused') },
              ]}
            />
          }
          actions={
            items.length > 0 && (
              <ActionForm action={`${pathOf(kind)}/retry`}>
                <Button look="strong" icon="refresh">
                  {t('records.retry')}
                </Button>
              </ActionForm>
            )
          }
        />
        {items.length === 0 ? (
          <EmptyState title={t('records.noneRefused')} why={t('records.noneRefusedWhy')} icon="checkCircle" />
        ) : (
          <Stack>
            {items.map(each => (
              <Card
                title={<bdi>{each.key ?? t('records.noKey')}</bdi>}
                detail={t(each.says, each.told)}
                actions={<RelativeTime at={each.at} />}
              >
                {each.body ? (
                  <CodeBlock label={t('records.asItCame')} code={each.body.slice(0, 2000).toWellFormed()} />
                ) : (
                  <Quiet>{t('records.notKept')}</Quiet>
                )}
              </Card>
            ))}
          </Stack>
        )}
        <Pager older={next ? `?before=${next}` : undefined} />
      </Page>
    ),
  }
})

export const doRetry = form('/records/:kind{[a-z][a-z0-9-]*}/retry', records.retry, {
  read: (_fields, { kind }) => ({ kind: kind! }),
  done: (_see, { went, stay }) => ({ stay: true, say: 'records.isRetried', values: { went, stay } }),
})

// —— the door ——

const mostBytes = 12 * 1024 * 1024
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Every door that does not exist answers like one that does not know the sender. */
export const door = raw('POST', '/records/door/:org/:source', 'nobody', async c => {
  const { org = '', source = '' } = c.req.param()
  if (!id.test(org) || !id.test(source)) refuse('forbidden', 'records.notGenuine')
  const came = await records.takeAtDoor(org, source, c.req.raw.headers, () => bodyOf(c.req.raw, mostBytes))
  return c.json(came ?? refuse('forbidden', 'records.notGenuine'))
})

// —— in others’ rooms ——

/** From anywhere (search, notifications) to the record that a discussion belongs to. */
export const threadLink = offer(
  threadDoor,
  async (see, { thread, lead }) => {
    if (thread.kind !== 'record') return null
    const found = await records.recordOfDiscussion(see.ctx, thread.id)
    if (found) lead(pathOf(await records.kindBy(see.ctx, found.kind), found))
    return null
  },
  { who: 'records.read' },
)

const mostBeside = 5

/** The newest of a person: one look into an index, and nothing at all where there is none. */
async function beside(see: See, person: string): Promise<Html | null> {
  const [kinds, items] = await Promise.all([records.allKinds(see.ctx), records.ofPerson(see.ctx, person, mostBeside + 1)])
  const cards = cardsOf(kinds, items.slice(0, mostBeside))
  if (cards.length === 0) return null
  return (
    <Panel title={t('records.records')} count={items.length > mostBeside ? undefined : cards.length}>
      <Stack gap="small">
        <ul class="case-items">{cards}</ul>
        {items.length > mostBeside && <a href={`/people/${person}`}>{t('records.andMore')}</a>}
      </Stack>
    </Panel>
  )
}

export const onThread = offer(threadPanel, async (see, { person }) => (person ? beside(see, person) : null), {
  order: 15,
  who: 'records.read',
})

const mostOfPerson = 50

export const onPerson = offer(
  personPanel,
  async (see, { person }): Promise<Html | null> => {
    // Beside a conversation they stand with the conversation.
    if (see.path.startsWith('/inbox')) return null
    const [kinds, items] = await Promise.all([records.allKinds(see.ctx), records.ofPerson(see.ctx, person, mostOfPerson)])
    const cards = cardsOf(kinds, items)
    return cards.length === 0 ? null : (
      <Panel title={t('records.records')} count={cards.length} folds>
        <ul class="case-items">{cards}</ul>
      </Panel>
    )
  },
  { order: 15, who: 'records.read' },
)
