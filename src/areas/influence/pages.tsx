/** Whose words move others: the topics, the voices of one, and one voice with everything that shows it. */
import {
  ActionButton,
  Breadcrumb,
  Card,
  EmptyState,
  Grid,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  PersonChip,
  Quiet,
  Stack,
  Stat,
  Table,
  Tabs,
} from '#kernel/html/kit.tsx'
import { date, number, t } from '#kernel/messages.ts'
import { form, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as influence from './actions.ts'
import { hrefOf, Network, nameOf, type People } from './pages-network.tsx'
import type { Evidence, Topic, Voice } from './words.ts'

export const topicsPage = page(
  '/influence',
  { who: 'monitors.read', place: { section: 'influence', title: 'influence.title', icon: 'star', order: 26 } },
  async see => {
    const { items } = await influence.topics(see.ctx, {})
    return {
      title: t('influence.title'),
      body: (
        <Page>
          <PageHead title={t('influence.title')} detail={t('influence.titleWhy')} actions={<Reckon see={see} />} />
          {items.length === 0 ? (
            <EmptyState title={t('influence.empty')} why={t('influence.emptyWhy')} icon="people" />
          ) : (
            <Card flush>
              <ItemList label={t('influence.topics')}>
                {items.map(topic => (
                  <Item
                    row={{}}
                    href={hrefOf(topic.topic)}
                    title={<bdi>{topic.name}</bdi>}
                    detail={coverage(topic)}
                    end={t('influence.actsOf', { n: topic.acts })}
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

const Reckon = ({ see }: { see: See }) =>
  may(see.ctx.actor, 'monitors.manage') && (
    <ActionButton action="/influence/reckon" icon="refresh">
      {t('influence.reckon')}
    </ActionButton>
  )

export const doReckon = form('/influence/reckon', influence.reckon, { done: () => ({ stay: true, say: 'influence.isReckoned' }) })

/** On how much a number rests: what was read, of whom it is not known who they are, and what was left out. */
const coverage = ({ posts, unknown, bots, people, since, until, reckonedAt }: Topic): string =>
  [
    t('influence.coverage', { posts, people }),
    unknown > 0 && t('influence.unknown', { n: unknown }),
    bots > 0 && t('influence.bots', { n: bots }),
    since && until && t('influence.between', { since: date(since), until: date(until) }),
    t('influence.asOf', { day: date(reckonedAt) }),
  ]
    .filter(Boolean)
    .join(' · ')

// —— one topic ——

export const topicPage = page('/influence/:topic', { who: 'monitors.read', section: 'influence' }, async see => {
  const key = see.params.topic!
  const staff = see.query.get('who') === 'staff'
  const after = see.query.get('after') ?? undefined
  const { topic, items, ties, next } = await influence.voices(see.ctx, { topic: key, staff, after, limit: 25 })
  const people = await cardsOf(see.ctx, [...items.map(each => each.person), ...ties.flatMap(({ mover, moved }) => [mover, moved])])
  const who: Record<string, string> = staff ? { who: 'staff' } : {}
  return {
    title: topic.name,
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('influence.title'), href: '/influence' }, { label: topic.name }]} />}
          title={<bdi>{topic.name}</bdi>}
          detail={coverage(topic)}
          tabs={
            <Tabs
              label={t('influence.who')}
              tabs={[
                { href: hrefOf(key), label: t('influence.others'), current: !staff },
                { href: hrefOf(key, undefined, { who: 'staff' }), label: t('influence.staff'), current: staff },
              ]}
            />
          }
        />
        <Stack gap="large">
          <Card
            flush
            title={t('influence.voices')}
            detail={t('influence.how')}
            foot={
              (after || next) && (
                <Pager
                  newer={after && hrefOf(key, undefined, who)}
                  older={next ? hrefOf(key, undefined, { ...who, after: next }) : undefined}
                />
              )
            }
          >
            <Voices topic={key} items={items} people={people} />
          </Card>
          {ties.length > 0 && <Network topic={key} ties={ties} people={people} />}
        </Stack>
      </Page>
    ),
  }
})

const shareText = (share: number): string => number(share, { style: 'percent', maximumFractionDigits: 1 })

const Voices = ({ topic, items, people }: { topic: string; items: Voice[]; people: People }) => (
  <Table
    caption={t('influence.voices')}
    captionHidden
    stacks
    rows={items}
    empty={<EmptyState title={t('influence.noVoices')} why={t('influence.noVoicesWhy')} icon="people" compact />}
    columns={[
      {
        head: t('influence.voice'),
        heading: true,
        cell: ({ person }) => <PersonChip name={nameOf(people, person)} side={people.get(person)?.side} href={hrefOf(topic, person)} />,
      },
      {
        head: t('influence.share'),
        numeric: true,
        cell: ({ person, share }) => <a href={`${hrefOf(topic, person)}#evidence`}>{shareText(share)}</a>,
      },
      { head: t('influence.people'), numeric: true, cell: ({ person, moved }) => <a href={hrefOf(topic, person)}>{number(moved)}</a> },
      {
        head: t('influence.acts'),
        numeric: true,
        cell: ({ person, acts }) => <a href={`${hrefOf(topic, person)}#evidence`}>{number(acts)}</a>,
      },
    ]}
  />
)

// —— one voice ——

export const voicePage = page('/influence/:topic/:person', { who: 'monitors.read', section: 'influence' }, async see => {
  const { topic: key, person } = see.params as { topic: string; person: string }
  const moved = see.query.get('moved') ?? undefined
  const before = see.query.get('before') ?? undefined
  const { topic, voice, ties, evidence, next } = await influence.voice(see.ctx, { topic: key, person, moved, before, limit: 25 })
  const people = await cardsOf(see.ctx, [person, ...ties.flatMap(each => [each.mover, each.moved]), ...evidence.map(each => each.moved)])
  const name = nameOf(people, person)
  const only: Record<string, string> = moved ? { moved } : {}
  return {
    title: name,
    body: (
      <Page>
        <PageHead
          above={
            <Breadcrumb
              crumbs={[{ label: t('influence.title'), href: '/influence' }, { label: topic.name, href: hrefOf(key) }, { label: name }]}
            />
          }
          title={<bdi>{name}</bdi>}
          detail={t('influence.inTopic', { topic: topic.name })}
          actions={
            <LinkButton href={`/people/${people.get(person)?.stands ?? person}`} icon="person">
              {t('influence.profile')}
            </LinkButton>
          }
        />
        <Stack gap="large">
          <Stats topic={topic} voice={voice} />
          <Network topic={key} ties={ties} people={people} middle={person} />
          <Card
            id="evidence"
            flush
            title={t('influence.evidence')}
            detail={moved ? <a href={`${hrefOf(key, person)}#evidence`}>{t('influence.allOfThem')}</a> : t('influence.evidenceWhy')}
            foot={
              (before || next) && (
                <Pager
                  newer={before && `${hrefOf(key, person, only)}#evidence`}
                  older={next ? `${hrefOf(key, person, { ...only, before: next })}#evidence` : undefined}
                />
              )
            }
          >
            <Acts evidence={evidence} people={people} />
          </Card>
        </Stack>
      </Page>
    ),
  }
})

const Stats = ({ topic, voice }: { topic: Topic; voice: Voice | null }) =>
  voice ? (
    <Grid columns="medium" gap="small">
      <Stat label={t('influence.share')} value={shareText(voice.share)} detail={coverage(topic)} href="#evidence" />
      <Stat label={t('influence.people')} value={number(voice.moved)} href="#evidence" />
      <Stat label={t('influence.acts')} value={number(voice.acts)} href="#evidence" />
    </Grid>
  ) : (
    <Quiet>{t('influence.movedNobody')}</Quiet>
  )

const Acts = ({ evidence, people }: { evidence: Evidence[]; people: People }) =>
  evidence.length === 0 ? (
    <EmptyState title={t('influence.movedNobody')} icon="chat" compact />
  ) : (
    <ItemList label={t('influence.evidence')}>
      {evidence.map(({ at, kind, moved, thread, spoke, answer, said, answered }) => (
        <Item
          row={{}}
          href={`/threads/${thread}#message-${answer ?? spoke}`}
          title={<bdi>{said || t('influence.gone')}</bdi>}
          detail={
            <bdi>
              {t(`influence.act.${kind}`, { name: nameOf(people, moved) })} {answered}
            </bdi>
          }
          end={date(at)}
        />
      ))}
    </ItemList>
  )
