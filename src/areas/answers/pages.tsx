import { replyTools } from '#areas/crm/words.ts'
import {
  ActionForm,
  Badge,
  Breadcrumb,
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
  Pager,
  QuickOption,
  Quiet,
  Row,
  SearchBox,
  Stack,
  Tabs,
  Tag,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page, raw, type See } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import * as answers from './actions.ts'
import { type ReadyAnswer, variables } from './words.ts'

const base = '/settings/answers'

const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('channels.settings'), href: '/settings' }, ...more]} />
)

// —— the list ——

export const listPage = page(
  base,
  { who: 'inbox.read', section: 'settings', finds: () => [{ title: t('answers.title'), icon: 'note' }] },
  async see => {
    const asked = askedBy(see)
    const [{ items, next }, folders] = await Promise.all([
      answers.list(see.ctx, { ...asked, after: see.query.get('after') ?? undefined }),
      answers.folders(see.ctx),
    ])
    return {
      title: t('answers.title'),
      live: ['answers'],
      body: (
        <Page width="reading">
          <PageHead
            title={t('answers.title')}
            detail={t('answers.why')}
            above={crumbs()}
            actions={
              <LinkButton href={`${base}/new`} look="strong" icon="add" shortcut="c">
                {t('answers.make')}
              </LinkButton>
            }
          />
          <Stack>
            <Tabs
              label={t('answers.title')}
              tabs={[
                { href: base, label: t('answers.inUse'), current: !asked.archived },
                { href: `${base}?archived=1`, label: t('answers.archived'), current: Boolean(asked.archived) },
              ]}
            />
            <SearchBox
              action={base}
              label={t('answers.search')}
              value={asked.q}
              shortcut="/"
              keep={asked.archived ? { archived: '1' } : {}}
            />
            {folders.length > 0 && !asked.archived && (
              <Row>
                {folders.map(each => (
                  <Tag href={`${base}?folder=${encodeURIComponent(each)}`}>{each}</Tag>
                ))}
                {asked.folder !== undefined && <a href={base}>{t('answers.allFolders')}</a>}
              </Row>
            )}
            <Listed items={items} sought={asked.q !== '' || Boolean(asked.archived)} />
            <Pager older={next ? addressOf(asked, next) : undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)

const askedBy = ({ query }: See) => ({
  q: query.get('q') ?? '',
  ...(query.has('folder') && { folder: query.get('folder')! }),
  ...(query.has('archived') && { archived: true }),
})

const addressOf = ({ q, folder, archived }: { q: string; folder?: string; archived?: boolean }, after: string): string =>
  `${base}?${new URLSearchParams({ after, ...(q && { q }), ...(folder !== undefined && { folder }), ...(archived && { archived: '1' }) })}`

const Listed = ({ items, sought }: { items: ReadyAnswer[]; sought: boolean }) =>
  items.length === 0 ? (
    <EmptyState
      title={t(sought ? 'answers.noneFound' : 'answers.empty')}
      why={t(sought ? 'answers.noneFoundWhy' : 'answers.emptyWhy')}
      icon="note"
    />
  ) : (
    <Card flush>
      <ItemList label={t('answers.title')}>
        {items.map(each => (
          <Item
            row={{}}
            title={<bdi>{each.title}</bdi>}
            detail={[each.folder, t('answers.used', { count: each.uses })].filter(Boolean).join(' · ')}
            href={`${base}/${each.id}`}
            end={each.own && <Badge icon="lock">{t('answers.mine')}</Badge>}
          />
        ))}
      </ItemList>
    </Card>
  )

// —— one ——

const Fields = ({ answer, folders }: { answer?: ReadyAnswer; folders: string[] }) => (
  <Stack>
    <Input name="title" label={t('answers.name')} value={answer?.title} maxlength={120} required autofocus={!answer} />
    <Input
      name="folder"
      label={t('answers.folder')}
      value={answer?.folder}
      maxlength={60}
      suggestions={folders}
      autocomplete="off"
      optional
    />
    <TextArea
      name="text"
      label={t('answers.text')}
      value={answer?.text}
      rows={8}
      maxlength={20_000}
      hint={t('answers.textHint')}
      required
    />
    <Quiet small>{variables.map(each => `{{${t(`answers.variable.${each}`)}}}`).join('  ')}</Quiet>
    <Checkbox name="own" label={t('answers.own')} hint={t('answers.ownHint')} checked={answer?.own} />
  </Stack>
)

export const newPage = page(
  `${base}/new`,
  { who: 'inbox.work', section: 'settings', finds: () => [{ title: t('answers.make'), icon: 'add' }] },
  async see => {
    const folders = await answers.folders(see.ctx)
    return {
      title: t('answers.make'),
      body: (
        <Page width="narrow">
          <PageHead title={t('answers.make')} above={crumbs({ label: t('answers.title'), href: base })} />
          <Card>
            <Form action={base} draft="answers.new">
              <Fields folders={folders} />
              <FormActions>
                <Button look="strong">{t('answers.make')}</Button>
                <LinkButton href={base}>{t('answers.cancel')}</LinkButton>
              </FormActions>
            </Form>
          </Card>
        </Page>
      ),
    }
  },
)

/** Its own address never stands in the way of `new`. */
const one = `${base}/:answer{(?!new$)[^/]+}` as const

export const answerPage = page(one, { who: 'inbox.work', section: 'settings' }, async see => {
  const [answer, folders] = await Promise.all([answers.show(see.ctx, { answer: see.params.answer! }), answers.folders(see.ctx)])
  return {
    title: answer.title,
    live: ['answers'],
    body: (
      <Page width="narrow">
        <PageHead
          title={<bdi>{answer.title}</bdi>}
          detail={t('answers.used', { count: answer.uses })}
          above={crumbs({ label: t('answers.title'), href: base })}
        />
        <Stack gap="large">
          <Card>
            <Form action={`${base}/${answer.id}/change`}>
              <Fields answer={answer} folders={folders} />
              <FormActions>
                <Button look="strong">{t('answers.save')}</Button>
              </FormActions>
            </Form>
          </Card>
          <ActionForm action={`${base}/${answer.id}/${answer.archived ? 'back' : 'archive'}`}>
            <Button icon={answer.archived ? 'undo' : 'archive'}>{t(answer.archived ? 'answers.bringBack' : 'answers.archive')}</Button>
          </ActionForm>
        </Stack>
      </Page>
    ),
  }
})

// —— deeds ——

const written = (fields: FormData) => ({
  title: String(fields.get('title') ?? ''),
  folder: String(fields.get('folder') ?? ''),
  text: String(fields.get('text') ?? ''),
  own: fields.get('own') === 'on',
})

export const doMake = form(base, answers.make, { read: written, done: () => ({ go: base, say: 'answers.isMade' }) })

export const doChange = form(`${base}/:answer/change`, answers.change, {
  read: (fields, { answer }) => ({ answer: answer!, ...written(fields) }),
  done: (_see, { was }, { answer }) => ({
    go: base,
    say: 'answers.isChanged',
    undo: {
      path: `${base}/${answer}/change`,
      fields: { title: was.title, folder: was.folder, text: was.text, ...(was.own && { own: 'on' }) },
    },
  }),
})

export const doArchive = form(`${base}/:answer/archive`, answers.archive, {
  done: (_see, _out, { answer }) => ({ go: base, say: 'answers.isArchived', undo: { path: `${base}/${answer}/back`, fields: {} } }),
})

export const doBringBack = form(`${base}/:answer/back`, answers.bringBack, { done: () => ({ go: base, say: 'answers.isBack' }) })

// —— where one writes ——

const aboutThread = (about: string | null): string | null => /^thread:([0-9a-f-]{36})$/.exec(about ?? '')?.[1] ?? null

export const quick = raw('GET', '/answers/quick', 'inbox.work', async (c, see) => {
  const items = await answers.offeredFor(see!.ctx, (see!.query.get('q') ?? '').slice(0, 100), aboutThread(see!.query.get('about')))
  return c.html(
    <div>
      {items.map(each => (
        <QuickOption
          title={each.title}
          detail={each.filled.slice(0, 120).toWellFormed()}
          icon={each.own ? 'lock' : 'note'}
          value={each.filled}
          taken={`/answers/${each.id}/taken`}
        />
      ))}
    </div>,
  )
})

export const taken = raw('POST', '/answers/:answer/taken', 'inbox.work', async (c, see) => {
  await answers.use(see!.ctx, { answer: see!.params.answer! })
  return c.json({})
})

export const chooser = offer(replyTools, async () => <Chooser />, { order: 10, who: 'inbox.work' })

const Chooser = () => <IconButton type="button" icon="note" label={t('answers.choose')} types="/" />

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('answers.title')} detail={t('answers.why')} icon="note" href={base} />,
  { order: 30, who: 'inbox.read' },
)
