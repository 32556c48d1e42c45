/** The page of an alert: what happened beside what is usual, who said what, and what can be done about it. */
import {
  ActionForm,
  Badge,
  Banner,
  Beside,
  Breadcrumb,
  Button,
  Card,
  ChartFrame,
  EmptyState,
  Grid,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Panel,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  Stat,
  Tag,
} from '#kernel/html/kit.tsx'
import { dateTime, number, t } from '#kernel/messages.ts'
import { page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as alerts from './actions.ts'
import { LevelBadge, mentionsOf, pathOf, whatHappened } from './pages-words.tsx'

export const alertPage = page('/alerts/:alert{[0-9a-f-]{36}}', { who: 'alerts.read', section: 'alerts' }, async see => {
  const it = await alerts.show(see.ctx, { alert: see.params.alert! })
  const works = may(see.ctx.actor, 'alerts.work')
  if (works) await alerts.saw(see.ctx, it)
  const [picture, watch] = [await alerts.pictureOf(see.ctx, it), await alerts.watch(see.ctx, { monitor: it.monitor })]
  return {
    title: `${it.name}: ${t(`alerts.kind.${it.kind}`)}`,
    live: [`alert:${it.id}`],
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('alerts.alerts'), href: '/alerts' }, { label: t(`alerts.kind.${it.kind}`) }]} />}
          title={<bdi>{it.name}</bdi>}
          detail={<Standing it={it} />}
          actions={works && <Deeds it={it} />}
        />
        <Beside label={t('alerts.details')} side={<Side it={it} picture={picture} see={see} mine={watch.mine} />}>
          <Stack gap="large">
            {it.dismissedAt && <Banner>{t('alerts.wasDismissed')}</Banner>}
            <Figures it={it} picture={picture} />
            <HoursCard id="hours" monitor={it.monitor} hours={picture.hours} />
            <Posts it={it} picture={picture} />
          </Stack>
        </Beside>
      </Page>
    ),
  }
})

const Standing = ({ it }: { it: alerts.Named }) => (
  <Row>
    <LevelBadge alert={it} />
    <Badge tone={it.overAt ? 'neutral' : 'talk'}>{t(it.overAt ? 'alerts.isOver' : 'alerts.isOpen')}</Badge>
    <span>{whatHappened(it)}</span>
  </Row>
)

const Deeds = ({ it }: { it: alerts.Named }) => (
  <Row>
    {it.room ? (
      <LinkButton href={`/crises/${it.room}`} icon="flag" look="strong">
        {t('alerts.toRoom')}
      </LinkButton>
    ) : (
      <ActionForm action="/crises" fields={{ alert: it.id }}>
        <Button icon="flag" look="strong" shortcut="c">
          {t('alerts.openRoom')}
        </Button>
      </ActionForm>
    )}
    <ActionForm action={`${pathOf(it)}/${it.dismissedAt ? 'back' : 'dismiss'}`}>
      <Button icon={it.dismissedAt ? 'undo' : 'bellOff'} shortcut="e">
        {t(it.dismissedAt ? 'alerts.bringBack' : 'alerts.dismiss')}
      </Button>
    </ActionForm>
  </Row>
)

/** Of voices and words only some of what was heard in that time is counted; what was counted stands below. */
const isWhole = ({ kind }: alerts.Named): boolean => kind === 'spike' || kind === 'mood'

const Figures = ({ it, picture }: { it: alerts.Named; picture: alerts.Picture }) => (
  <Grid columns="medium" gap="small">
    <Stat
      label={t(`alerts.peak.${it.kind}`)}
      value={alerts.figureOf(it, it.peak)}
      detail={it.kind === 'topic' ? undefined : t(`alerts.usual.${it.kind}`, { usual: alerts.figureOf(it, it.usual) })}
    />
    <Stat
      label={t('alerts.mentions')}
      value={number(it.mentions)}
      {...(isWhole(it) && { href: mentionsOf(it.monitor, it.beganAt, picture.until) })}
    />
    <Stat label={t('alerts.began')} value={dateTime(it.beganAt)} />
    <Stat
      label={t('alerts.ended')}
      value={it.overAt ? dateTime(it.overAt) : t('alerts.goesOn')}
      detail={it.overAt ? undefined : t('alerts.latest', { at: dateTime(it.lastAt) })}
    />
  </Grid>
)

/** Each hour beside what is usual then; every point leads to its mentions. */
export const HoursCard = ({ id, monitor, hours }: { id: string; monitor: string; hours: alerts.Picture['hours'] }) => {
  const known = hours.some(each => each.usual !== null)
  return (
    <Card>
      <ChartFrame
        id={id}
        title={t('alerts.byHour')}
        detail={t(known ? 'alerts.byHourWhy' : 'alerts.stillLearning')}
        kind="line"
        labels={hours.map(each => dateTime(each.at))}
        labelHead={t('alerts.hour')}
        series={[
          { name: t('alerts.mentions'), values: hours.map(each => each.n), tone: 'talk' },
          ...(known
            ? [
                { name: t('alerts.usualThen'), values: hours.map(each => each.usual), tone: 'neutral' as const, dashed: true },
                { name: t('alerts.loudFrom'), values: hours.map(each => each.loud), tone: 'bad' as const, dashed: true },
              ]
            : []),
        ]}
        format={{ maximumFractionDigits: 0 }}
        show={value => number(value, { maximumFractionDigits: 1 })}
        hrefs={hours.map(each => (each.n ? mentionsOf(monitor, each.at, new Date(each.at.getTime() + 3_600_000)) : null))}
      />
    </Card>
  )
}

const Posts = ({ it, picture }: { it: alerts.Named; picture: alerts.Picture }) => (
  <Card
    title={t('alerts.posts')}
    detail={t('alerts.postsWhy')}
    flush
    actions={
      <LinkButton href={mentionsOf(it.monitor, it.beganAt, picture.until)} size="small">
        {t('alerts.allMentions')}
      </LinkButton>
    }
  >
    {picture.posts.length === 0 ? (
      <EmptyState title={t('alerts.noPosts')} icon="chat" compact />
    ) : (
      <ItemList label={t('alerts.posts')}>
        {picture.posts.map(each => (
          <Item
            title={<bdi>{each.text}</bdi>}
            detail={
              <>
                <bdi>{each.author}</bdi>
                {each.followers !== null && ` · ${t('alerts.followers', { count: each.followers })}`}
                {each.mood && ` · ${t(`alerts.mood.${each.mood}`)}`}
              </>
            }
            end={<RelativeTime at={each.at} />}
          />
        ))}
      </ItemList>
    )}
  </Card>
)

const Side = ({ it, picture, see, mine }: { it: alerts.Named; picture: alerts.Picture; see: See; mine: boolean }) => (
  <Stack>
    {may(see.ctx.actor, 'alerts.work') && <Judging it={it} />}
    {(it.about.terms?.length ?? 0) > 0 && (
      <Panel title={t('alerts.terms')}>
        <Row>
          {it.about.terms?.map(term => (
            <Tag href={mentionsOf(it.monitor, new Date(it.beganAt.getTime() - 6 * 3_600_000), picture.until)}>{term}</Tag>
          ))}
        </Row>
      </Panel>
    )}
    <Parts
      title={t('alerts.moods')}
      items={picture.moods.map(each => ({
        label: t(`alerts.mood.${each.mood || 'unknown'}`),
        n: each.n,
        href: mentionsOf(it.monitor, it.beganAt, picture.until, { mood: each.mood || 'unknown' }),
      }))}
    />{' '}
    {/* biome-ignore format: one line */}
    <Parts title={t('alerts.sources')} items={picture.sources.map(each => ({ label: each.source, n: each.n, href: mentionsOf(it.monitor, it.beganAt, picture.until, { source: each.source }) }))} />{' '}
    {/* biome-ignore format: one line */}
    <Panel title={t('alerts.watching')}>
      <Stack gap="small">
        <a href={`/alerts/watches/${it.monitor}`}>{t('alerts.settingsOf', { name: it.name })}</a>
        {may(see.ctx.actor, 'alerts.work') && (
          <ActionForm action={`/alerts/watches/${it.monitor}/${mine ? 'unfollow' : 'follow'}`}>
            <Button size="small" icon={mine ? 'bellOff' : 'bell'}>
              {t(mine ? 'alerts.unfollow' : 'alerts.follow')}
            </Button>
          </ActionForm>
        )}
      </Stack>
    </Panel>
  </Stack>
)

const Parts = ({ title, items }: { title: string; items: { label: string; n: number; href: string }[] }) =>
  items.some(each => each.n) ? (
    <Panel title={title}>
      <ItemList label={title}>
        {items
          .filter(each => each.n)
          .map(each => (
            <Item title={<bdi>{each.label}</bdi>} href={each.href} end={<strong>{number(each.n)}</strong>} />
          ))}
      </ItemList>
    </Panel>
  ) : null

const Judging = ({ it }: { it: alerts.Named }) => (
  <Panel title={t('alerts.wasItUseful')}>
    <Stack gap="small">
      <Quiet small>{t('alerts.wasItUsefulWhy')}</Quiet>
      <Row>
        {([true, false] as const).map(useful => (
          <ActionForm action={`${pathOf(it)}/judge`} fields={{ useful: it.useful === useful ? '' : String(useful) }}>
            <Button size="small" icon={useful ? 'check' : 'close'} pressed={it.useful === useful}>
              {t(useful ? 'alerts.useful' : 'alerts.notUseful')}
            </Button>
          </ActionForm>
        ))}
      </Row>
    </Stack>
  </Panel>
)
