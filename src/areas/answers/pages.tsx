import { replyTools } from '#areas/crm/words.ts'
import {
  ActionButton,
  Badge,
  Card,
  Checkbox,
  EmptyState,
  FormCard,
  IconButton,
  Input,
  Item,
  ItemList,
  ListPage,
  NewPage,
  Page,
  PageHead,
  Pager,
  QuickOption,
  Quiet,
  Row,
  SearchBox,
  SettingsCrumbs,
  Stack,
  Tabs,
  Tag,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, oneOf, page, raw, type See, ticked, typed } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import * as answers from './actions.ts'
import { type ReadyAnswer, variables } from './words.ts'

const base = '/settings/answers'

const Above = () => <SettingsCrumbs among={[{ label: t('answers.title'), href: base }]} />

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
        <ListPage
          title={t('answers.title')}
          why={t('answers.why')}
          above={<SettingsCrumbs />}
          width="reading"
          make={{ label: t('answers.make'), href: `${base}/new` }}
        >
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
        </ListPage>
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
        <NewPage
          title={t('answers.make')}
          above={<Above />}
          action={base}
          draft="answers.new"
          leave={{ label: t('answers.cancel'), href: base }}
        >
          <Fields folders={folders} />
        </NewPage>
      ),
    }
  },
)

export const answerPage = page(oneOf(base, 'answer'), { who: 'inbox.work', section: 'settings' }, async see => {
  const [answer, folders] = await Promise.all([answers.show(see.ctx, { answer: see.params.answer! }), answers.folders(see.ctx)])
  return {
    title: answer.title,
    live: ['answers'],
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{answer.title}</bdi>} detail={t('answers.used', { count: answer.uses })} above={<Above />} />
        <Stack gap="large">
          <FormCard action={`${base}/${answer.id}/change`} does={t('answers.save')}>
            <Fields answer={answer} folders={folders} />
          </FormCard>
          <ActionButton action={`${base}/${answer.id}/${answer.archived ? 'back' : 'archive'}`} icon={answer.archived ? 'undo' : 'archive'}>
            {t(answer.archived ? 'answers.bringBack' : 'answers.archive')}
          </ActionButton>
        </Stack>
      </Page>
    ),
  }
})

// —— deeds ——

const written = (fields: FormData) => ({
  title: typed(fields, 'title'),
  folder: typed(fields, 'folder'),
  text: typed(fields, 'text'),
  own: ticked(fields, 'own'),
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
  done: (_see, _out, { answer }) => ({ go: base, say: 'answers.isArchived', undo: { path: `${base}/${answer}/back` } }),
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
