/** Filters of the inbox under a name: made, ordered, shared, removed. */

import { refuse } from '#kernel/errors.ts'
import {
  ActionForm,
  Badge,
  Button,
  Card,
  Checkbox,
  EmptyState,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
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
        <Page width="reading">
          <PageHead
            title={t('crm.savedViews')}
            detail={t('crm.viewsWhy')}
            actions={
              <LinkButton href={`${base}/new`} look="strong" icon="add" shortcut="c">
                {t('crm.saveView')}
              </LinkButton>
            }
          />
          {items.length === 0 ? (
            <EmptyState title={t('crm.noViews')} why={t('crm.noViewsWhy')} icon="filter" />
          ) : (
            <Card flush>
              <ItemList label={t('crm.savedViews')}>
                {items.map((each, at) => (
                  <Item
                    row={{}}
                    title={<bdi>{each.name}</bdi>}
                    detail={each.words}
                    href={`${base}/${each.id}`}
                    end={<Moves view={each} first={at === 0} last={at === items.length - 1} />}
                  />
                ))}
              </ItemList>
            </Card>
          )}
        </Page>
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
      <Page width="narrow">
        <PageHead title={t('crm.saveView')} />
        <Card>
          <Form action={base}>
            <Fields view={{ words: see.query.get('q') ?? '' }} />
            <FormActions>
              <Button look="strong">{t('crm.saveView')}</Button>
              <LinkButton href={base}>{t('crm.cancel')}</LinkButton>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }),
)

/** Its own address never stands in the way of `new`. */
const one = `${base}/:saved{(?!new$)[^/]+}` as const

export const viewPage = page(one, { who: 'inbox.work', section: 'inbox' }, async see => {
  const view = (await crm.savedViews(see.ctx)).find(each => each.id === see.params.saved) ?? refuse('notFound', 'crm.viewGone')
  return {
    title: view.name,
    live: ['crm.views'],
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{view.name}</bdi>} detail={view.words} />
        <Stack gap="large">
          <Card>
            <Form action={`${base}/${view.id}/change`}>
              <Fields view={view} />
              <FormActions>
                <Button look="strong">{t('crm.save')}</Button>
                <LinkButton href={`/inbox/all?${new URLSearchParams({ q: view.words })}`}>{t('crm.openView')}</LinkButton>
              </FormActions>
            </Form>
          </Card>
          <ActionForm action={`${base}/${view.id}/remove`}>
            <Button icon="trash">{t('crm.removeView')}</Button>
          </ActionForm>
        </Stack>
      </Page>
    ),
  }
})

const written = (fields: FormData) => ({
  name: String(fields.get('name') ?? ''),
  words: String(fields.get('words') ?? ''),
  own: fields.get('own') === 'on',
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
  read: (fields, { saved }) => ({ view: saved!, by: String(fields.get('by') ?? '') as 'up' }),
  done: () => ({ stay: true }),
})

export const doRemoveView = form(`${base}/:saved/remove`, crm.removeView, {
  read: (_fields, { saved }) => ({ view: saved! }),
  done: (_see, _out, { view }) => ({ go: base, say: 'crm.viewRemoved', undo: { path: `${base}/${view}/back`, fields: {} } }),
})

export const doBringViewBack = form(`${base}/:saved/back`, crm.bringViewBack, {
  read: (_fields, { saved }) => ({ view: saved! }),
  done: () => ({ go: base, say: 'crm.viewBack' }),
})
