/** Filters of the inbox under a name: made, ordered, shared, removed. */

import { refuse } from '#kernel/errors.ts'
import {
  ActionButton,
  ActionForm,
  Badge,
  CardList,
  Checkbox,
  FormCard,
  IconButton,
  Input,
  Item,
  ListPage,
  NewPage,
  Page,
  PageHead,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, oneOf, page, ticked, typed } from '#kernel/page.tsx'
import * as crm from './actions.ts'
import type { SavedView } from './words.ts'

const base = '/conversations/views'

export const viewsPage = page(
  base,
  { who: 'inbox.read', section: 'inbox', finds: () => [{ title: t('crm.manageViews'), icon: 'filter' }] },
  async see => {
    const items = await crm.savedViews(see.ctx)
    return {
      title: t('crm.savedViews'),
      live: ['crm.views'],
      body: (
        <ListPage
          title={t('crm.savedViews')}
          why={t('crm.viewsWhy')}
          width="reading"
          make={{ label: t('crm.saveView'), href: `${base}/new` }}
        >
          <CardList
            label={t('crm.savedViews')}
            items={items}
            empty={{ title: t('crm.noViews'), why: t('crm.noViewsWhy'), icon: 'filter' }}
            line={(each, at) => (
              <Item
                row={{}}
                title={<bdi>{each.name}</bdi>}
                detail={each.words}
                href={`${base}/${each.id}`}
                end={<Moves view={each} first={at === 0} last={at === items.length - 1} />}
              />
            )}
          />
        </ListPage>
      ),
    }
  },
)

const Moves = ({ view, first, last }: { view: SavedView; first: boolean; last: boolean }) => (
  <Row>
    {view.own && <Badge icon="lock">{t('crm.onlyMe')}</Badge>}
    {!first && (
      <ActionForm action={`${base}/${view.id}/move`} fields={{ by: 'up' }}>
        <IconButton icon="arrowUp" label={t('crm.moveUp', { name: view.name })} size="small" />
      </ActionForm>
    )}
    {!last && (
      <ActionForm action={`${base}/${view.id}/move`} fields={{ by: 'down' }}>
        <IconButton icon="arrowDown" label={t('crm.moveDown', { name: view.name })} size="small" />
      </ActionForm>
    )}
  </Row>
)

const Fields = ({ view }: { view: Partial<SavedView> }) => (
  <Stack>
    <Input name="name" label={t('crm.viewName')} value={view.name} maxlength={60} required autofocus={!view.name} />
    <Input name="words" label={t('crm.filter')} hint={t('crm.wordsHelp')} value={view.words} maxlength={300} required autocomplete="off" />
    <Checkbox name="own" label={t('crm.onlyForMe')} checked={view.own} />
  </Stack>
)

export const newView = page(
  `${base}/new`,
  { who: 'inbox.work', section: 'inbox', finds: () => [{ title: t('crm.saveView'), icon: 'add' }] },
  async see => ({
    title: t('crm.saveView'),
    body: (
      <NewPage title={t('crm.saveView')} action={base} leave={{ label: t('crm.cancel'), href: base }}>
        <Fields view={{ words: see.query.get('q') ?? '' }} />
      </NewPage>
    ),
  }),
)

export const viewPage = page(oneOf(base, 'saved'), { who: 'inbox.work', section: 'inbox' }, async see => {
  const view = (await crm.savedViews(see.ctx)).find(each => each.id === see.params.saved) ?? refuse('notFound', 'crm.viewGone')
  return {
    title: view.name,
    live: ['crm.views'],
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{view.name}</bdi>} detail={view.words} />
        <Stack gap="large">
          <FormCard
            action={`${base}/${view.id}/change`}
            does={t('crm.save')}
            leave={{ label: t('crm.openView'), href: `/inbox/all?${new URLSearchParams({ q: view.words })}` }}
          >
            <Fields view={view} />
          </FormCard>
          <ActionButton action={`${base}/${view.id}/remove`} icon="trash">
            {t('crm.removeView')}
          </ActionButton>
        </Stack>
      </Page>
    ),
  }
})

const written = (fields: FormData) => ({
  name: typed(fields, 'name'),
  words: typed(fields, 'words'),
  own: ticked(fields, 'own'),
})

export const doSaveView = form(base, crm.saveView, {
  read: written,
  done: (_see, _out, { words }) => ({ go: `/inbox/all?${new URLSearchParams({ q: words })}`, say: 'crm.viewSaved' }),
})

export const doChangeView = form(`${base}/:saved/change`, crm.changeView, {
  read: (fields, { saved }) => ({ view: saved!, ...written(fields) }),
  done: (_see, { was }, { view }) => ({
    go: base,
    say: 'crm.viewSaved',
    undo: { path: `${base}/${view}/change`, fields: { name: was.name, words: was.words, ...(was.own && { own: 'on' }) } },
  }),
})

export const doMoveView = form(`${base}/:saved/move`, crm.moveView, {
  read: (fields, { saved }) => ({ view: saved!, by: typed(fields, 'by') as 'up' }),
  done: () => ({ stay: true }),
})

export const doRemoveView = form(`${base}/:saved/remove`, crm.removeView, {
  read: (_fields, { saved }) => ({ view: saved! }),
  done: (_see, _out, { view }) => ({ go: base, say: 'crm.viewRemoved', undo: { path: `${base}/${view}/back` } }),
})

export const doBringViewBack = form(`${base}/:saved/back`, crm.bringViewBack, {
  read: (_fields, { saved }) => ({ view: saved! }),
  done: () => ({ go: base, say: 'crm.viewBack' }),
})
