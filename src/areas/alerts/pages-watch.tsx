/** Which monitors bring alerts, and the settings of one: for what, how sensitively, who is told. */
import {
  ActionButton,
  Badge,
  Breadcrumb,
  Card,
  Checkbox,
  EmptyState,
  FieldSet,
  FormCard,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Panel,
  Quiet,
  RadioGroup,
  Row,
  Select,
  Stack,
  Table,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as alerts from './actions.ts'
import type { Rehearsal } from './actions-learning.ts'
import { AlertItem } from './pages-words.tsx'
import { type Kind, kinds, sensitivities, type Watch } from './words.ts'

const base = '/alerts/watches'
const above = (...more: { label: string; href: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('alerts.alerts'), href: '/alerts' }, ...more]} />
)

export const watchesPage = page(
  base,
  { who: 'alerts.read', section: 'alerts', finds: () => [{ title: t('alerts.watches'), icon: 'bell' }] },
  async see => {
    const [{ items }, others] = [await alerts.watches(see.ctx, {}), await alerts.unwatched(see.ctx)]
    return {
      title: t('alerts.watches'),
      live: ['watches'],
      body: (
        <Page width="reading">
          <PageHead
            title={t('alerts.watches')}
            detail={t('alerts.watchesWhy')}
            above={above()}
            actions={
              <LinkButton href="/alerts/quiet" icon="moon">
                {t('alerts.quiet')}
              </LinkButton>
            }
          />
          <Stack gap="large">
            {items.length + others.length === 0 && (
              <EmptyState
                title={t('alerts.noMonitors')}
                why={t('alerts.noMonitorsWhy')}
                icon="bell"
                action={{ label: t('alerts.toMonitors'), href: '/monitors' }}
              />
            )}
            {items.length > 0 && <Watched items={items} works={may(see.ctx.actor, 'alerts.work')} />}
            {others.length > 0 && <Unwatched items={others} works={may(see.ctx.actor, 'alerts.work')} />}
          </Stack>
        </Page>
      ),
    }
  },
)

type Items = Awaited<ReturnType<typeof alerts.watches>>['items']

const Watched = ({ items, works }: { items: Items; works: boolean }) => (
  <Card flush title={t('alerts.watched')}>
    <ItemList label={t('alerts.watched')}>
      {items.map(each => (
        <Item
          row={{}}
          href={`${base}/${each.monitor}`}
          title={<bdi>{each.name}</bdi>}
          detail={[t(`alerts.sensitivity.${each.sensitivity}`), each.kinds.map(kind => t(`alerts.kind.${kind}`)).join(', ')].join(' · ')}
          end={
            <Row>
              {each.pausedAt ? <Badge tone="warning">{t('alerts.paused')}</Badge> : each.weeks < 3 && <Badge>{t('alerts.learning')}</Badge>}
              {works && <Following monitor={each.monitor} mine={each.mine} />}
            </Row>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const Following = ({ monitor, mine }: { monitor: string; mine: boolean }) => (
  <ActionButton action={`${base}/${monitor}/${mine ? 'unfollow' : 'follow'}`} size="small" icon={mine ? 'bellOff' : 'bell'}>
    {t(mine ? 'alerts.unfollow' : 'alerts.follow')}
  </ActionButton>
)

const Unwatched = ({ items, works }: { items: { id: string; name: string }[]; works: boolean }) => (
  <Card flush title={t('alerts.unwatched')} detail={t('alerts.unwatchedWhy')}>
    <ItemList label={t('alerts.unwatched')}>
      {items.map(each => (
        <Item
          row={{}}
          href={`${base}/${each.id}`}
          title={<bdi>{each.name}</bdi>}
          end={works && <Following monitor={each.id} mine={false} />}
        />
      ))}
    </ItemList>
  </Card>
)

// —— one ——

const usual = { kinds: [...kinds], sensitivity: 'normal' as const, followers: alerts.usualFollowers, team: null, pausedAt: null }

export const watchPage = page(`${base}/:monitor{[0-9a-f-]{36}}`, { who: 'alerts.read', section: 'alerts' }, async see => {
  const monitor = see.params.monitor!
  const known = await alerts.watch(see.ctx, { monitor })
  const it = known.watch ?? { monitor, ...usual }
  const [would, lately, teams] = [
    await alerts.rehearsal(see.ctx, monitor, it.followers),
    await alerts.ofMonitor(see.ctx, monitor),
    await teamsOf(see.ctx),
  ]
  const manages = may(see.ctx.actor, 'alerts.manage')
  return {
    title: `${t('alerts.alerts')}: ${known.name}`,
    live: [`watch:${monitor}`, 'alerts'],
    body: (
      <Page width="reading">
        <PageHead
          title={<bdi>{known.name}</bdi>}
          above={above({ label: t('alerts.watches'), href: base })}
          detail={<Standing known={known} />}
          actions={<Deeds known={known} monitor={monitor} see={see} />}
        />
        <Stack gap="large">
          {manages ? (
            <FormCard action={`${base}/${monitor}`} does={t(known.watch ? 'alerts.save' : 'alerts.startWatch')}>
              <Fields it={it} would={would} teams={teams} />
            </FormCard>
          ) : (
            <Quiet>{t('alerts.managersChoose')}</Quiet>
          )}
          <Card title={t('alerts.wouldHave')} detail={t(would ? 'alerts.wouldHaveWhy' : 'alerts.stillLearning')}>
            {would && <Would would={would} />}
          </Card>
          <Told people={await cardsOf(see.ctx, known.people)} team={teams.find(each => each.id === it.team)?.name} />
          {lately.length > 0 && (
            <Card flush title={t('alerts.lately')}>
              <ItemList label={t('alerts.lately')}>
                {lately.map(each => (
                  <AlertItem alert={each} name={known.name} />
                ))}
              </ItemList>
            </Card>
          )}
        </Stack>
      </Page>
    ),
  }
})

type Known = Awaited<ReturnType<typeof alerts.watch>>

const Standing = ({ known: { watch, weeks } }: { known: Known }) => (
  <Row>
    {!watch && <Badge>{t('alerts.notYetWatched')}</Badge>}
    {watch?.pausedAt && <Badge tone="warning">{t('alerts.paused')}</Badge>}
    <Quiet>{weeks < 3 ? t('alerts.learningSince', { weeks }) : t('alerts.learnedFrom', { weeks })}</Quiet>
  </Row>
)

const Deeds = ({ known, monitor, see }: { known: Known; monitor: string; see: See }) => (
  <Row>
    {may(see.ctx.actor, 'alerts.work') && <Following monitor={monitor} mine={known.mine} />}
    {known.watch && may(see.ctx.actor, 'alerts.manage') && (
      <ActionButton
        action={`${base}/${monitor}/${known.watch.pausedAt ? 'on' : 'stop'}`}
        size="small"
        icon={known.watch.pausedAt ? 'play' : 'pause'}
      >
        {t(known.watch.pausedAt ? 'alerts.goOn' : 'alerts.stop')}
      </ActionButton>
    )}
  </Row>
)

interface FieldsProps {
  it: Watch
  would: Rehearsal | null
  teams: { id: string; name: string }[]
}

const Fields = ({ it, would, teams }: FieldsProps) => (
  <Stack>
    <FieldSet title={t('alerts.forWhat')}>
      {kinds.map(kind => (
        <Checkbox
          name="kinds[]"
          value={kind}
          label={t(`alerts.kind.${kind}`)}
          hint={t(`alerts.kindWhy.${kind}`)}
          checked={it.kinds.includes(kind)}
        />
      ))}
    </FieldSet>
    <RadioGroup
      name="sensitivity"
      label={t('alerts.howSensitive')}
      look="cards"
      value={it.sensitivity}
      required
      choices={sensitivities.map(how => ({
        value: how,
        label: t(`alerts.sensitivity.${how}`),
        hint: would ? t('alerts.wouldTimes', { count: timesIn(would, how) }) : t(`alerts.sensitivityWhy.${how}`),
      }))}
    />
    <Input
      name="followers"
      type="number"
      label={t('alerts.fromFollowers')}
      hint={t('alerts.fromFollowersWhy')}
      value={String(it.followers)}
      min={1}
      max={1_000_000_000}
      inputmode="numeric"
      required
    />
    <Select
      name="team"
      label={t('alerts.team')}
      hint={t('alerts.teamWhy')}
      value={it.team ?? ''}
      empty={t('alerts.noTeam')}
      choices={teams.map(each => ({ value: each.id, label: each.name }))}
    />
  </Stack>
)

const timesIn = (would: Rehearsal, how: (typeof sensitivities)[number]): number =>
  Object.values(would[how]).reduce((total, each) => total + each, 0)

const rehearsed = kinds.filter(each => each !== 'topic')

const Would = ({ would }: { would: Rehearsal }) => (
  <Table
    caption={t('alerts.wouldHave')}
    captionHidden
    dense
    rows={rehearsed}
    columns={[
      { head: t('alerts.kind'), heading: true, cell: (kind: Kind) => t(`alerts.kind.${kind}`) },
      ...sensitivities.map(how => ({
        head: t(`alerts.sensitivity.${how}`),
        numeric: true,
        cell: (kind: Kind) => String(would[how][kind] ?? 0),
      })),
    ]}
  />
)

const Told = ({ people, team }: { people: Map<string, { name: string }>; team: string | undefined }) => (
  <Panel title={t('alerts.whoIsTold')}>
    <Quiet>{[...[...people.values()].map(each => each.name), team].filter(Boolean).join(', ') || t('alerts.nobodyIsTold')}</Quiet>
  </Panel>
)

// —— deeds ——

const undo = (path: string, fields: Record<string, string> = {}) => ({ path, fields })

const fieldsOf = ({ kinds: were, sensitivity, followers, team }: Omit<Watch, 'monitor' | 'pausedAt'>): Record<string, string> => ({
  ...{ were: were.join(' '), sensitivity, followers: String(followers) },
  ...(team && { team }),
})

export const doWatch = form(`${base}/:monitor`, alerts.setWatch, {
  read: (fields, { monitor }) => ({
    monitor: monitor!,
    // What takes it back has one field for all of them.
    kinds: (fields.has('were') ? typed(fields, 'were').split(' ') : fields.getAll('kinds[]').map(String)) as Kind[],
    sensitivity: typed(fields, 'sensitivity') as Watch['sensitivity'],
    followers: typed(fields, 'followers'),
    team: typed(fields, 'team') || null,
  }),
  done: (_see, { was }, { monitor }) => ({
    stay: true,
    say: 'alerts.isSaved',
    undo: was ? undo(`${base}/${monitor}`, fieldsOf(was)) : undo(`${base}/${monitor}/stop`),
  }),
})
export const doStop = form(`${base}/:monitor/stop`, alerts.stopWatch, {
  done: (_see, _out, { monitor }) => ({ stay: true, say: 'alerts.isStopped', undo: undo(`${base}/${monitor}/on`) }),
})
export const doGoOn = form(`${base}/:monitor/on`, alerts.goOnWatch, {
  done: (_see, _out, { monitor }) => ({ stay: true, say: 'alerts.isOn', undo: undo(`${base}/${monitor}/stop`) }),
})
export const doFollow = form(`${base}/:monitor/follow`, alerts.follow, {
  done: (_see, _out, { monitor }) => ({ stay: true, say: 'alerts.isFollowed', undo: undo(`${base}/${monitor}/unfollow`) }),
})
export const doUnfollow = form(`${base}/:monitor/unfollow`, alerts.unfollow, {
  done: (_see, _out, { monitor }) => ({ stay: true, say: 'alerts.isUnfollowed', undo: undo(`${base}/${monitor}/follow`) }),
})
