/** Putting two conversations together, and taking one apart. */
import {
  Button,
  Card,
  Checkbox,
  EmptyState,
  Form,
  FormActions,
  Input,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  RadioGroup,
  Stack,
} from '#kernel/html/kit.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { form, page, type See } from '#kernel/page.tsx'
import { cardsOf } from '#social/people/actions.ts'
import { messagesOf } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { titleOf } from './pages-list.tsx'

const placeOf = ({ params }: See, thread = params.thread) => `/inbox/${params.view}/${thread}`
const mostMessages = 100

export const togetherPage = page('/inbox/:view/:thread/together', { who: 'inbox.work', section: 'inbox' }, async see => {
  const talk = await crm.show(see.ctx, { thread: see.params.thread! })
  const others = talk.person ? (await crm.ofPerson(see.ctx, talk.person, 30)).filter(each => each.thread !== talk.thread) : []
  return {
    title: t('crm.together'),
    body: (
      <Page width="narrow">
        <PageHead title={t('crm.together')} detail={<bdi>{titleOf(talk)}</bdi>} />
        <Stack>
          <Quiet>{t('crm.togetherWhy')}</Quiet>
          <Card>
            <Form action={`${placeOf(see)}/merge`}>
              {others.length > 0 ? (
                <RadioGroup
                  name="other"
                  label={t('crm.togetherWith')}
                  choices={others.map(each => ({
                    value: each.thread,
                    label: titleOf(each),
                    hint: `${t(`crm.state.${each.state}`)} · ${dateTime(each.lastAt)}`,
                  }))}
                />
              ) : (
                <EmptyState title={t('crm.noOthers')} why={t('crm.noOthersWhy')} icon="merge" compact />
              )}
              <Input
                name="link"
                label={t('crm.togetherLink')}
                hint={t('crm.togetherLinkHint')}
                maxlength={500}
                autocomplete="off"
                optional
              />
              <FormActions>
                <Button look="strong">{t('crm.together')}</Button>
                <LinkButton href={placeOf(see)}>{t('crm.cancel')}</LinkButton>
              </FormActions>
            </Form>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

export const apartPage = page('/inbox/:view/:thread/apart', { who: 'inbox.work', section: 'inbox' }, async see => {
  const talk = await crm.show(see.ctx, { thread: see.params.thread! })
  const { items } = await messagesOf(see.ctx, talk.thread, { before: see.query.get('before') ?? undefined, limit: mostMessages })
  const people = await cardsOf(
    see.ctx,
    items.flatMap(each => each.author ?? []),
  )
  return {
    title: t('crm.apart'),
    body: (
      <Page width="narrow">
        <PageHead title={t('crm.apart')} detail={<bdi>{titleOf(talk)}</bdi>} />
        <Stack>
          <Quiet>{t('crm.apartWhy')}</Quiet>
          <Card>
            <Form action={`${placeOf(see)}/split`}>
              <Stack>
                {items.map(each => (
                  <Checkbox
                    name="messages[]"
                    value={each.id}
                    label={`${(each.author && people.get(each.author)?.name) || t('crm.somebody')} · ${dateTime(each.at)}`}
                    hint={<bdi>{each.text.slice(0, 160).toWellFormed()}</bdi>}
                  />
                ))}
                <Input name="subject" label={t('crm.apartSubject')} value={talk.subject} maxlength={300} optional />
              </Stack>
              <FormActions>
                <Button look="strong">{t('crm.apart')}</Button>
                <LinkButton href={placeOf(see)}>{t('crm.cancel')}</LinkButton>
              </FormActions>
            </Form>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

/** A conversation by its address, wherever that was copied. */
const threadIn = (link: string): string =>
  (link.split(/[?#]/, 1)[0]!.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []).at(-1) ?? ''

export const doMerge = form('/inbox/:view/:thread/merge', crm.merge, {
  read: (fields, { thread }) => ({
    thread: thread!,
    other: threadIn(String(fields.get('link') ?? '').trim()) || String(fields.get('other') ?? ''),
  }),
  done: (see, { move, thread }) => ({
    go: placeOf(see, thread),
    say: 'crm.isTogether',
    undo: { path: `${placeOf(see, thread)}/unmove`, fields: { move } },
  }),
})

export const doSplit = form('/inbox/:view/:thread/split', crm.split, {
  read: (fields, { thread }) => ({
    thread: thread!,
    messages: fields.getAll('messages[]').map(String),
    subject: String(fields.get('subject') ?? ''),
  }),
  done: (see, { move, thread }) => ({
    go: placeOf(see, thread),
    say: 'crm.isApart',
    undo: { path: `${placeOf(see, thread)}/unmove`, fields: { move } },
  }),
})

export const doUnmove = form('/inbox/:view/:thread/unmove', crm.unmove, {
  read: (fields, { thread }) => ({ thread: thread!, move: String(fields.get('move') ?? '') }),
  done: (see, { thread }) => ({ go: placeOf(see, thread), say: 'crm.restored' }),
})
