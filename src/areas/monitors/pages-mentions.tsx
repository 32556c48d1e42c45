/** What was heard: the list with its filters, and one mention with why it fits and what can be made of it. */
import {
  ActionButton,
  Badge,
  Breadcrumb,
  Button,
  Card,
  CardList,
  Checkbox,
  type Definition,
  DefinitionList,
  Folded,
  Form,
  FormActions,
  Grid,
  Input,
  ItemList,
  LinkButton,
  Marked,
  Page,
  PageHead,
  Pager,
  Quiet,
  RelativeTime,
  Row,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { form, page, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { channelNamed, channels } from '#social/channels/actions.ts'
import { truthOf } from '#social/mood/words.ts'
import * as monitors from './actions.ts'
import { allMentions, base, likely, MentionItem, MoodBadge, mentionPath, sourceName, whoOf } from './pages-parts.tsx'
import { type Mention, moods } from './words.ts'

// —— the list ——

const names = [
  'monitor',
  'mood',
  'language',
  'source',
  'kind',
  'author',
  'country',
  'q',
  'from',
  'until',
  'firsts',
  'bots',
  'staff',
  'aside',
] as const

/** Only what is asked for; what nobody can mean is not asked. */
function askedIn(see: See): Record<string, string> {
  return Object.fromEntries(names.flatMap(name => (see.query.get(name) ? [[name, see.query.get(name)!.slice(0, 500)]] : [])))
}

export const mentionsPage = page(
  allMentions,
  { who: 'monitors.read', section: 'monitors', finds: () => [{ title: t('monitors.mentions'), icon: 'rings' }] },
  async see => {
    const asked = askedIn(see)
    const wanted = {
      ...asked,
      ...(asked.firsts && { firsts: 'true' }),
      ...(asked.aside && { aside: 'true' }),
      before: see.query.get('before') ?? undefined,
    }
    const [{ items, next }, choices] = [
      await monitors.mentions(see.ctx, wanted as Parameters<typeof monitors.mentions>[1]),
      await monitors.choices(see.ctx),
    ]
    const older = next && `${allMentions}?${new URLSearchParams({ ...asked, before: next })}`
    const isNarrow = Object.keys(asked).length > 0
    return {
      title: t('monitors.mentions'),
      live: asked.monitor ? [`mentions:${asked.monitor}`] : ['mentions'],
      body: (
        <Page width="reading">
          <PageHead
            title={t('monitors.mentions')}
            detail={t('monitors.mentionsWhy')}
            above={<Breadcrumb crumbs={[{ label: t('monitors.title'), href: base }]} />}
          />
          <Stack>
            <Filters asked={asked} choices={choices.map(each => ({ value: each.id, label: each.name }))} />
            <CardList
              label={t('monitors.mentions')}
              items={items}
              line={each => <MentionItem mention={each} names={each.fits.map(fit => fit.name)} now={see.ctx.now} />}
              empty={{
                title: t(isNarrow ? 'monitors.nothingFits' : 'monitors.heardNothing'),
                why: t(isNarrow ? (next ? 'monitors.lookFurther' : 'monitors.nothingFitsWhy') : 'monitors.heardNothingWhy'),
                icon: 'rings',
              }}
            />
            <Pager older={older || undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)

type Choices = { value: string; label: string }[]

const Filters = ({ asked, choices }: { asked: Record<string, string>; choices: Choices }) => (
  <Form action={allMentions} method="get" label={t('monitors.filters')}>
    <Grid columns="narrow" gap="small">
      <Input name="q" type="search" label={t('monitors.saying')} value={asked.q} maxlength={100} optional />
      <Select name="monitor" label={t('monitors.monitor')} value={asked.monitor} empty={t('monitors.any')} choices={choices} sends />
      <Select
        name="mood"
        label={t('monitors.moodField')}
        value={asked.mood}
        empty={t('monitors.any')}
        choices={[
          ...moods.map(each => ({ value: each as string, label: t(`mood.is.${each}`) })),
          { value: 'unknown', label: t('monitors.moodUnknown') },
        ]}
        sends
      />
      <Select
        name="source"
        label={t('monitors.source')}
        value={asked.source}
        empty={t('monitors.any')}
        choices={[...channels().map(each => ({ value: each.name, label: t(each.title) })), { value: 'house', label: t('monitors.house') }]}
        sends
      />
    </Grid>
    <Folded label={t('monitors.more')} open={['language', 'from', 'until', 'firsts', 'bots', 'staff', 'aside'].some(each => asked[each])}>
      <Stack gap="small">
        <Grid columns="narrow" gap="small">
          <Input
            name="language"
            label={t('monitors.language')}
            hint={t('monitors.languageHint')}
            value={asked.language}
            maxlength={10}
            optional
          />
          <Input name="from" type="date" label={t('monitors.from')} value={asked.from} optional />
          <Input name="until" type="date" label={t('monitors.until')} value={asked.until} optional />
          {(['bots', 'staff'] as const).map(name => (
            <Select
              name={name}
              label={t(`monitors.${name}`)}
              value={asked[name]}
              empty={t('monitors.with')}
              choices={(['without', 'only'] as const).map(each => ({
                value: each,
                label: t(`monitors.${each === 'only' ? 'only' : 'not'}`),
              }))}
            />
          ))}
        </Grid>
        <Checkbox name="firsts" label={t('monitors.firsts')} checked={Boolean(asked.firsts)} />
        <Checkbox name="aside" label={t('monitors.asideOnly')} checked={Boolean(asked.aside)} />
        <FormActions>
          <Button icon="filter">{t('monitors.show')}</Button>
        </FormActions>
      </Stack>
    </Folded>
  </Form>
)

// —— one ——

export const mentionPage = page(mentionPath, { who: 'monitors.read', section: 'monitors' }, async see => {
  const { mention, fits, alike, became, because } = await monitors.mention(see.ctx, { mention: see.params.mention! })
  const works = may(see.ctx.actor, 'monitors.work')
  const spans = fits.flatMap(each => each.spans).sort((a, b) => a[0] - b[0])
  return {
    title: whoOf(mention),
    live: ['mentions'],
    body: (
      <Page width="reading">
        <PageHead
          title={<bdi>{whoOf(mention)}</bdi>}
          detail={
            <Row gap="small">
              {sourceName(mention.source)}
              <RelativeTime at={mention.at} now={see.ctx.now} look="full" />
              <MoodBadge mention={mention} />
            </Row>
          }
          above={
            <Breadcrumb
              crumbs={[
                { label: t('monitors.title'), href: base },
                { label: t('monitors.mentions'), href: allMentions },
              ]}
            />
          }
          actions={<Ways mention={mention} />}
        />
        <Stack>
          <Card title={t('monitors.said')}>
            <Marked text={mention.text} spans={spans} />
          </Card>
          {works && <Mood mention={mention} />}
          {works && <Outcomes mention={mention} became={became.map(each => each.is)} />}
          <Card title={t('monitors.fits')}>
            <Stack gap="small">
              {fits.map((each, at) => (
                <Row gap="small">
                  <a href={`${base}/${each.monitor}`}>
                    <bdi>{each.name}</bdi>
                  </a>
                  {works && <Aside mention={mention.id} monitor={each.monitor} isAside={each.aside} isFirst={at === 0} />}
                </Row>
              ))}
            </Stack>
          </Card>
          <Card title={t('monitors.facts')}>
            <DefinitionList items={[...factsOf(mention), ...reasonsOf(because)]} />
          </Card>
          {alike.length > 0 && (
            <Card title={t('monitors.alike')} flush>
              <ItemList label={t('monitors.alike')}>
                {alike.map(each => (
                  <MentionItem mention={each} now={see.ctx.now} />
                ))}
              </ItemList>
            </Card>
          )}
        </Stack>
      </Page>
    ),
  }
})

const Ways = ({ mention: { thread, content, url } }: { mention: Mention }) => (
  <Row gap="small">
    {thread && (
      <LinkButton href={`/threads/${thread}${content ? `#message-${content}` : ''}`} icon="chat" shortcut="o">
        {t('monitors.openThread')}
      </LinkButton>
    )}
    {url && /^https?:\/\//.test(url) && (
      <LinkButton href={url} icon="external">
        {t('monitors.openThere')}
      </LinkButton>
    )}
  </Row>
)

/** How often the machine is right in this language, by the posts that it was measured on. */
const Truth = ({ language }: Pick<Mention, 'language'>) => {
  const { key, share } = truthOf(language?.split('-')[0] ?? null)
  return <Quiet small>{t(key, share === null ? {} : { share })}</Quiet>
}

/** One key each, from worst to best. */
const Mood = ({ mention }: { mention: Mention }) => (
  <Card title={t('monitors.moodRight')} detail={t('monitors.moodRightWhy')}>
    <Row gap="small">
      {moods.map((each, at) => (
        <ActionButton
          action={`${allMentions}/${mention.id}/mood`}
          fields={{ mood: each }}
          shortcut={String(at + 1)}
          showShortcut
          pressed={mention.mood === each}
        >
          {t(`mood.is.${each}`)}
        </ActionButton>
      ))}
    </Row>
    <Truth language={mention.language} />
  </Card>
)

const Outcomes = ({ mention, became }: { mention: Mention; became: string[] }) => (
  <Row gap="small">
    {!mention.thread && mention.account && mention.remoteId && channelNamed(mention.source)?.can.converse && (
      <ActionButton action={`${allMentions}/${mention.id}/answer`} look="talk" icon="reply" shortcut="r">
        {t('monitors.answerIt')}
      </ActionButton>
    )}
    {(['case', 'opportunity'] as const).map(is => (
      <ActionButton action={`${allMentions}/${mention.id}/become`} fields={{ is }} icon={is === 'case' ? 'task' : 'target'}>
        {t(became.includes(is) ? `monitors.open.${is}` : `monitors.become.${is}`)}
      </ActionButton>
    ))}
  </Row>
)

const Aside = ({ mention, monitor, isAside, isFirst }: { mention: string; monitor: string; isAside: boolean; isFirst: boolean }) => (
  <ActionButton
    action={`${allMentions}/${mention}/${isAside ? 'keep' : 'aside'}`}
    fields={{ monitor }}
    size="small"
    icon={isAside ? 'undo' : 'archive'}
    shortcut={isFirst ? 'x' : undefined}
  >
    {t(isAside ? 'monitors.keep' : 'monitors.aside')}
  </ActionButton>
)

function factsOf({ author, followers, language, country, place, kind, moodSaid, moodSure, moodBy, bot, spam }: Mention): Definition[] {
  const share = (value: number) => number(value, { style: 'percent' })
  const facts: [string, string | null | undefined][] = [
    ['author', author],
    ['followers', followers === null ? null : number(followers)],
    ['language', language],
    ['place', [place, country?.toUpperCase()].filter(Boolean).join(', ')],
    ['kindField', kind],
    ['machine', moodSaid && t('monitors.moodSure', { mood: t(`mood.is.${moodSaid}`), share: share(moodSure ?? 0) })],
    ['corrected', moodBy && t('monitors.byColleague')],
    ['botField', bot === null ? null : t(bot >= likely ? 'monitors.likely' : 'monitors.unlikely', { share: share(bot) })],
    ['spamField', spam === null ? null : t(spam >= likely ? 'monitors.likely' : 'monitors.unlikely', { share: share(spam) })],
  ]
  return facts.flatMap(([term, value]) => (value ? [{ term: t(`monitors.${term}`), value }] : []))
}

const reasonsOf = (because: { says: string; weight: number }[]): Definition[] =>
  because.length
    ? [
        {
          term: t('monitors.because'),
          value: (
            <Row gap="small">
              {because.map(each => (
                <Badge tone={each.weight < 0 ? 'bad' : 'good'}>
                  <bdi>{each.says}</bdi>
                </Badge>
              ))}
            </Row>
          ),
        },
      ]
    : []

// —— deeds ——

export const doCorrect = form(`${mentionPath}/mood`, monitors.correct, {
  done: (see, { was }) => ({
    stay: true,
    say: 'monitors.isCorrected',
    undo: { path: `${allMentions}/${see.params.mention}/mood`, fields: { mood: was } },
  }),
})

const one = (fields: FormData, { mention }: Record<string, string>) => ({
  mentions: [mention!],
  ...(typed(fields, 'monitor') && { monitor: typed(fields, 'monitor') }),
})

export const doAside = form(`${mentionPath}/aside`, monitors.aside, {
  read: one,
  done: (see, _out, { monitor }) => ({
    stay: true,
    say: 'monitors.isAside',
    undo: { path: `${allMentions}/${see.params.mention}/keep`, ...(monitor && { fields: { monitor } }) },
  }),
})

export const doKeep = form(`${mentionPath}/keep`, monitors.keep, { read: one, done: () => ({ stay: true, say: 'monitors.isKept' }) })

export const doAnswer = form(`${mentionPath}/answer`, monitors.answerIt, {
  done: (_see, { thread }) => ({ go: `/threads/${thread}` }),
})

export const doBecome = form(`${mentionPath}/become`, monitors.become, {
  done: (_see, { path, isNew }) => ({ go: path, ...(isNew && { say: 'monitors.hasBecome' }) }),
})
