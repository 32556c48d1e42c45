/** Why something went where it went: beside it in short, and on a page of its own in full; and what waits for a team. */
import { casePanel } from '#areas/cases/words.ts'
import { threadPanel } from '#areas/crm/words.ts'
import {
  Badge,
  Breadcrumb,
  Card,
  EmptyState,
  Item,
  ItemList,
  Page,
  PageHead,
  Pager,
  Panel,
  Quiet,
  RelativeTime,
  Stack,
  Tabs,
} from '#kernel/html/kit.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { type Html, offer, page, type See } from '#kernel/page.tsx'
import { teamsOf } from '#social/teams/actions.ts'
import * as routing from './actions.ts'
import { amongText, type Choices, choicesFor, conditionText, didText, type Named } from './pages-words.tsx'
import { type Did, type Event, type Explained, ofCases } from './words.ts'

const base = '/settings/routing'

// —— beside it ——

/** One question to the database, by an index; the names come with it. */
async function beside(see: See, thing: string): Promise<Html | null> {
  const last = await routing.lastOf(see.ctx, thing)
  if (!last) return null
  const done = last.did.filter(each => each.says !== 'had')
  return (
    <Panel title={t('routing.panel')} folds>
      <Stack gap="small">
        {last.queue && <Badge icon="people">{t('routing.waitsFor', { team: last.queue })}</Badge>}
        {last.closesAt && <Badge icon="clock">{t('routing.closesAt', { at: dateTime(new Date(last.closesAt)) })}</Badge>}
        {done.length === 0 ? (
          <Quiet>{t('routing.lookedOnly', { count: last.looked })}</Quiet>
        ) : (
          done.map(each => <span>{didText(each, last.names, last.teamNames)}</span>)
        )}
        <a href={`/routing/why/${thing}`}>{t('routing.whyLink')}</a>
      </Stack>
    </Panel>
  )
}

export const onThread = offer(threadPanel, (see, { thread }) => beside(see, thread), { order: 60, who: 'routing.read' })
export const onCase = offer(casePanel, (see, { case: one }) => beside(see, one), { order: 60, who: 'routing.read' })

// —— in full ——

export const whyPage = page('/routing/why/:thing', { who: 'routing.read', section: 'inbox' }, async see => {
  const thing = see.params.thing!
  const [{ path, items, names, next }, choices] = [
    await routing.explain(see.ctx, { thing, before: see.query.get('before') ?? undefined }),
    await choicesFor(see.ctx),
  ]
  return {
    title: t('routing.whyTitle'),
    live: [`thread:${thing}`],
    body: (
      <Page width="reading">
        <PageHead
          title={t('routing.whyTitle')}
          detail={t('routing.whyDetail')}
          above={<Breadcrumb crumbs={[{ label: t('routing.toIt'), href: path }]} />}
        />
        <Stack gap="large">
          {items.length === 0 && <EmptyState title={t('routing.noRuns')} why={t('routing.noRunsWhy')} icon="sort" />}
          {items.map(each => (
            <Run run={each} names={names} choices={choices} />
          ))}
          <Pager older={next ? `/routing/why/${thing}?before=${next}` : undefined} />
        </Stack>
      </Page>
    ),
  }
})

const Run = ({ run, names, choices }: { run: Explained; names: Record<string, string>; choices: Choices }) => (
  <Card title={t(`routing.event.${run.when}`)} detail={<RelativeTime at={run.at} look="full" />} flush>
    <ItemList label={t(`routing.event.${run.when}`)}>
      {run.depth > 0 && <Item title={t('routing.depth', { count: run.depth })} />}
      {run.looks.map(look => (
        <Item
          href={`${base}/${look.rule}`}
          title={<bdi>{look.name}</bdi>}
          detail={<Looked look={look} did={run.did.filter(each => each.rule === look.rule)} names={names} choices={choices} />}
          end={<Badge tone={look.held ? 'good' : 'neutral'}>{t(look.held ? 'routing.held' : 'routing.notHeld')}</Badge>}
        />
      ))}
      {run.looks.length === 0 &&
        run.did.map(each => <Item title={didText(each, names, choices.teams)} detail={amongText(each, names).join(', ')} />)}
    </ItemList>
  </Card>
)

const Looked = ({
  look,
  did,
  names,
  choices,
}: {
  look: Explained['looks'][number]
  did: Did[]
  names: Record<string, string>
  choices: Choices
}) => {
  if (!look.held)
    return look.condition ? (
      <span>{t('routing.failed', { condition: conditionText(look.condition, choices) })}</span>
    ) : (
      <span>{t(`routing.because.${look.because}`)}</span>
    )
  return (
    <Stack gap="small">
      {did.map(each => (
        <span>
          {didText(each, names, choices.teams)} {each.among && <Quiet small>{amongText(each, names).join(', ')}</Quiet>}
        </span>
      ))}
    </Stack>
  )
}

// —— what a rule did ——

const thingPath = (thing: string, when: Event) =>
  ofCases.includes(when as (typeof ofCases)[number]) ? `/routing/why/${thing}` : `/threads/${thing}`

export const hitsPage = page(`${base}/:rule/hits`, { who: 'routing.read', section: 'settings' }, async see => {
  const rule = see.params.rule!
  const [{ definition }, { items, names, next }] = [
    await routing.show(see.ctx, { rule }),
    await routing.hits(see.ctx, { rule, before: see.query.get('before') ?? undefined }),
  ]
  const teams = namedTeams(await teamsOf(see.ctx))
  return {
    title: definition.name,
    body: (
      <Page width="reading">
        <PageHead
          title={t('routing.hits')}
          above={
            <Breadcrumb
              crumbs={[
                { label: t('routing.title'), href: base },
                { label: definition.name, href: `${base}/${rule}` },
              ]}
            />
          }
        />
        {items.length === 0 ? (
          <EmptyState title={t('routing.noHits')} why={t('routing.noHitsWhy')} icon="list" />
        ) : (
          <Card flush>
            <ItemList label={t('routing.hits')}>
              {items.map(each => (
                <Item
                  href={thingPath(each.thing, each.when)}
                  title={<bdi>{each.subject ?? '–'}</bdi>}
                  detail={each.did.map(did => didText(did, names, teams)).join(' · ')}
                  end={
                    <a href={`/routing/why/${each.thing}`}>
                      <RelativeTime at={each.at} />
                    </a>
                  }
                />
              ))}
            </ItemList>
          </Card>
        )}
        <Pager older={next ? `${base}/${rule}/hits?before=${next}` : undefined} />
      </Page>
    ),
  }
})

const namedTeams = (teams: { id: string; name: string }[]): Named[] => teams.map(({ id, name }) => ({ value: id, label: name }))

// —— what waits for a team ——

export const queuesPage = page(
  '/routing/queues',
  { who: 'routing.read', section: 'inbox', finds: () => [{ title: t('routing.queues'), icon: 'people' }] },
  async see => {
    const [teams, lengths] = [await teamsOf(see.ctx), await routing.queueLengths(see.ctx)]
    const team = teams.find(each => each.id === see.query.get('team')) ?? teams.find(each => lengths.get(each.id)) ?? teams[0]
    const { items, next } = team
      ? await routing.queue(see.ctx, { team: team.id, after: see.query.get('after') ?? undefined })
      : { items: [], next: null }
    return {
      title: t('routing.queues'),
      live: ['routing', 'inbox', 'teams'],
      body: (
        <Page width="reading">
          <PageHead title={t('routing.queues')} detail={t('routing.queuesWhy')} />
          <Stack>
            <Tabs
              label={t('routing.queues')}
              tabs={teams.map(each => ({
                href: `/routing/queues?team=${each.id}`,
                label: each.name,
                current: each === team,
                count: lengths.get(each.id) ?? 0,
              }))}
            />
            {items.length === 0 ? (
              <EmptyState title={t('routing.queueEmpty')} why={t('routing.queueEmptyWhy')} icon="people" />
            ) : (
              <Card flush>
                <ItemList label={t('routing.queues')}>
                  {items.map(each => (
                    <Item
                      row={{}}
                      href={`/inbox/open/${each.thread}`}
                      title={<bdi>{each.subject}</bdi>}
                      detail={t(`routing.short.${each.because}`)}
                      end={<RelativeTime at={each.since} />}
                    />
                  ))}
                </ItemList>
              </Card>
            )}
            <Pager older={next ? `/routing/queues?${new URLSearchParams({ team: team!.id, after: next })}` : undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)
