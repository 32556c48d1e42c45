import { threadDeeds } from '#areas/crm/words.ts'
import {
  ActionButton,
  Badge,
  Card,
  CardList,
  Checkbox,
  FormCard,
  Input,
  Item,
  Kbd,
  ListPage,
  MenuGroup,
  MenuItem,
  NewPage,
  Page,
  PageHead,
  Pager,
  PlainText,
  Row,
  SearchBox,
  Select,
  SettingsCrumbs,
  Stack,
  Tabs,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, oneOf, page, type See, ticked, typed } from '#kernel/page.tsx'
import { workers } from '#social/members/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as macros from './actions.ts'
import { firstKey, type Macro, type Steps } from './words.ts'

const base = '/settings/macros'

/** What is pressed beside a conversation. */
const keysOf = ({ key }: Pick<Macro, 'key'>) => (key ? `${firstKey} ${key}` : undefined)

type Members = { person: string; name: string }[]

/** In words, one line. */
function stepsIn({ answer, labels, assign, snoozeDays, finish }: Steps, members: Members): string {
  const to = members.find(each => each.person === assign)?.name ?? '–'
  const said = [
    answer && t('macros.answers'),
    ...labels.map(label => t('macros.labels', { label })),
    assign && (assign === 'me' ? t('macros.takes') : assign === 'nobody' ? t('macros.givesBack') : t('macros.gives', { name: to })),
    snoozeDays && t('macros.snoozes', { days: snoozeDays }),
    finish && t('macros.finishes'),
  ]
  return said.filter(Boolean).join(' · ')
}

// —— the list ——

export const listPage = page(
  base,
  { who: 'inbox.read', section: 'settings', finds: () => [{ title: t('macros.title'), icon: 'play' }] },
  async see => {
    const q = see.query.get('q') ?? ''
    const archived = see.query.has('archived')
    const [{ items, next }, members] = await Promise.all([
      macros.list(see.ctx, { q, archived, after: see.query.get('after') ?? undefined }),
      workers(see.ctx),
    ])
    const older = next && `${base}?${new URLSearchParams({ after: next, ...(q && { q }), ...(archived && { archived: '1' }) })}`
    return {
      title: t('macros.title'),
      live: ['macros'],
      body: (
        <ListPage
          title={t('macros.title')}
          why={t('macros.why')}
          above={<SettingsCrumbs />}
          width="reading"
          make={{ label: t('macros.make'), href: `${base}/new` }}
        >
          <Stack>
            <Tabs
              label={t('macros.title')}
              tabs={[
                { href: base, label: t('macros.inUse'), current: !archived },
                { href: `${base}?archived=1`, label: t('macros.archived'), current: archived },
              ]}
            />
            <SearchBox action={base} label={t('macros.search')} value={q} shortcut="/" keep={archived ? { archived: '1' } : {}} />
            <CardList
              label={t('macros.title')}
              items={items}
              empty={{
                title: t(q || archived ? 'macros.noneFound' : 'macros.empty'),
                why: t(q || archived ? 'macros.noneFoundWhy' : 'macros.emptyWhy'),
                icon: 'play',
              }}
              line={each => (
                <Item
                  row={{}}
                  title={<bdi>{each.name}</bdi>}
                  detail={stepsIn(each.steps, members)}
                  href={`${base}/${each.id}`}
                  end={
                    <Row>
                      {each.own && <Badge icon="lock">{t('macros.mine')}</Badge>}
                      {each.key && <Kbd keys={keysOf(each)!} />}
                    </Row>
                  }
                />
              )}
            />
            <Pager older={older || undefined} />
          </Stack>
        </ListPage>
      ),
    }
  },
)

// —— one ——

const Fields = ({ macro, members }: { macro?: Macro; members: Members }) => (
  <Stack>
    <Input name="name" label={t('macros.name')} value={macro?.name} maxlength={120} required autofocus={!macro} />
    <TextArea
      name="answer"
      label={t('macros.answer')}
      hint={t('macros.answerHint')}
      value={macro?.steps.answer}
      rows={6}
      maxlength={20_000}
      mentions
      optional
    />
    <Input
      name="labels"
      label={t('macros.labelField')}
      hint={t('macros.labelHint')}
      value={macro?.steps.labels.join(', ')}
      maxlength={600}
      optional
    />
    <Select
      name="assign"
      label={t('macros.assign')}
      value={macro?.steps.assign ?? ''}
      empty={t('macros.asItIs')}
      choices={[
        { value: 'me', label: t('macros.toMe') },
        { value: 'nobody', label: t('macros.toNobody') },
        ...members.map(each => ({ value: each.person, label: each.name })),
      ]}
    />
    <Input
      name="snoozeDays"
      type="number"
      label={t('macros.snoozeDays')}
      value={macro?.steps.snoozeDays}
      min={1}
      max={365}
      inputmode="numeric"
      optional
    />
    <Checkbox name="finish" label={t('macros.finish')} checked={macro?.steps.finish} />
    <Input
      name="key"
      label={t('macros.key')}
      hint={t('macros.keyHint', { first: firstKey })}
      value={macro?.key ?? ''}
      before={firstKey}
      maxlength={1}
      size={3}
      autocomplete="off"
      optional
    />
    <Checkbox name="own" label={t('macros.own')} hint={t('macros.ownHint')} checked={macro?.own} />
  </Stack>
)

export const newPage = page(
  `${base}/new`,
  { who: 'inbox.work', section: 'settings', finds: () => [{ title: t('macros.make'), icon: 'add' }] },
  async see => ({
    title: t('macros.make'),
    body: (
      <NewPage title={t('macros.make')} action={base} draft="macros.new" leave={{ label: t('macros.cancel'), href: base }}>
        <Fields members={await workers(see.ctx)} />
      </NewPage>
    ),
  }),
)

export const macroPage = page(oneOf(base, 'macro'), { who: 'inbox.work', section: 'settings' }, async see => {
  const macro = await macros.show(see.ctx, { macro: see.params.macro! })
  return {
    title: macro.name,
    live: ['macros'],
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{macro.name}</bdi>} detail={t('macros.used', { count: macro.uses })} />
        <Stack gap="large">
          <FormCard action={`${base}/${macro.id}/change`} does={t('macros.save')}>
            <Fields macro={macro} members={await workers(see.ctx)} />
          </FormCard>
          <ActionButton action={`${base}/${macro.id}/${macro.archived ? 'back' : 'archive'}`} icon={macro.archived ? 'undo' : 'archive'}>
            {t(macro.archived ? 'macros.bringBack' : 'macros.archive')}
          </ActionButton>
        </Stack>
      </Page>
    ),
  }
})

// —— at a conversation ——

/** What it would do; the blanks that nothing is known for are asked for here. */
export const previewPage = page('/inbox/:view/:thread/macro/:macro', { who: 'inbox.work', section: 'inbox' }, async see => {
  const { thread, macro: id } = see.params
  const [{ macro, answer, missing }, members] = await Promise.all([
    macros.preview(see.ctx, { thread: thread!, macro: id! }),
    workers(see.ctx),
  ])
  return {
    title: macro.name,
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{macro.name}</bdi>} detail={stepsIn(macro.steps, members)} />
        <Stack>
          {answer && (
            <Card title={t('macros.wouldLeave')}>
              <PlainText text={answer} />
            </Card>
          )}
          <FormCard
            action={`${placeOf(see)}/macro/${id}`}
            does={t('macros.run')}
            leave={{ label: t('macros.cancel'), href: placeOf(see) }}
            ready={missing.length === 0}
          >
            {missing.map((name, at) => (
              <Input name={`value ${name}`} label={name} maxlength={2000} required autofocus={at === 0} />
            ))}
          </FormCard>
        </Stack>
      </Page>
    ),
  }
})

const placeOf = ({ params }: See) => `/inbox/${params.view}/${params.thread}`

const given = (fields: FormData) =>
  Object.fromEntries([...fields].flatMap(([name, value]) => (name.startsWith('value ') ? [[name.slice(6), String(value)]] : [])))

export const doRun = form('/inbox/:view/:thread/macro/:macro', macros.run, {
  read: (fields, { thread, macro }) => ({
    thread: thread!,
    macro: macro!,
    values: given(fields),
    seen: typed(fields, 'seen') || undefined,
  }),
  done: (see, { name, undo }) => ({
    go: placeOf(see),
    say: 'macros.isDone',
    values: { name },
    undo: {
      path: `${placeOf(see)}/unmacro`,
      fields: { was: undo.was, labels: JSON.stringify(undo.labels), ...(undo.delivery && { delivery: undo.delivery }) },
    },
  }),
})

export const doUndo = form('/inbox/:view/:thread/unmacro', macros.undo, {
  read: (fields, { thread }) => ({
    thread: thread!,
    was: typed(fields, 'was'),
    labels: listIn(typed(fields, 'labels')),
    delivery: typed(fields, 'delivery') || undefined,
  }),
  done: () => ({ stay: true, say: 'macros.isUndone' }),
})

function listIn(text: string): string[] {
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) ? found.map(String) : []
  } catch {
    return []
  }
}

/** One that needs nothing asked runs at once; the others, and whoever wants to look first, see what it would do. */
export const menu = offer(
  threadDeeds,
  async (see, { thread, base: at, seen }) => {
    const items = await macros.offered(see.ctx)
    return (
      <MenuGroup title={t('macros.title')}>
        {items.map(({ id, name, steps, key }) =>
          steps.answer ? (
            <MenuItem href={`/inbox/all/${thread}/macro/${id}`} hint={t('macros.looksFirst')} shortcut={keysOf({ key })}>
              {name}
            </MenuItem>
          ) : (
            <MenuItem action={`${at}/macro/${id}`} fields={seen ? { seen } : {}} shortcut={keysOf({ key })}>
              {name}
            </MenuItem>
          ),
        )}
        <MenuItem href={items.length ? base : `${base}/new`} icon={items.length ? 'settings' : 'add'}>
          {t(items.length ? 'macros.all' : 'macros.make')}
        </MenuItem>
      </MenuGroup>
    )
  },
  { order: 20, who: 'inbox.work' },
)

// —— deeds ——

function written(fields: FormData) {
  const plain = (name: string) => typed(fields, name).trim()
  return {
    name: plain('name'),
    key: plain('key'),
    own: ticked(fields, 'own'),
    steps: {
      answer: plain('answer') || undefined,
      labels: plain('labels').split(',').map(each => each.trim()).filter(Boolean), // biome-ignore format: one chain
      assign: plain('assign') || undefined,
      snoozeDays: plain('snoozeDays') ? Number(plain('snoozeDays')) : undefined,
      finish: ticked(fields, 'finish'),
    },
  }
}

export const doMake = form(base, macros.make, { read: written, done: () => ({ go: base, say: 'macros.isMade' }) })

export const doChange = form(`${base}/:macro/change`, macros.change, {
  read: (fields, { macro }) => ({ macro: macro!, ...written(fields) }),
  done: (_see, { was }, { macro }) => ({
    go: base,
    say: 'macros.isChanged',
    undo: {
      path: `${base}/${macro}/change`,
      fields: {
        name: was.name,
        key: was.key ?? '',
        answer: was.steps.answer ?? '',
        labels: was.steps.labels.join(','),
        assign: was.steps.assign ?? '',
        snoozeDays: String(was.steps.snoozeDays ?? ''),
        ...(was.steps.finish && { finish: 'on' }),
        ...(was.own && { own: 'on' }),
      },
    },
  }),
})

export const doArchive = form(`${base}/:macro/archive`, macros.archive, {
  done: (_see, _out, { macro }) => ({ go: base, say: 'macros.isArchived', undo: { path: `${base}/${macro}/back` } }),
})

export const doBringBack = form(`${base}/:macro/back`, macros.bringBack, { done: () => ({ go: base, say: 'macros.isBack' }) })

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('macros.title')} detail={t('macros.why')} icon="play" href={base} />,
  { order: 31, who: 'inbox.read' },
)
