/** What is seen of monitors: all of them, and each by itself. */
import {
  ActionButton,
  Badge,
  Breadcrumb,
  Button,
  Card,
  CardList,
  EmptyState,
  Form,
  FormActions,
  Grid,
  Input,
  LinkButton,
  ListPage,
  Page,
  PageHead,
  Pager,
  QueryShown,
  Row,
  SearchBox,
  Stack,
  Stat,
  Tabs,
} from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { form, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as monitors from './actions.ts'
import { allMentions, base, LookCard, MentionItem, monitorPath } from './pages-parts.tsx'
import * as rules from './rules.ts'
import type { Monitor } from './words.ts'

export { doChange, doMake, editPage, newPage, proposePage } from './pages-edit.tsx'
export { doAnswer, doAside, doBecome, doCorrect, doKeep, mentionPage, mentionsPage } from './pages-mentions.tsx'
export { doLeaveOut, doRequery, noisePage } from './pages-noise.tsx'
export { triedPage } from './pages-query.tsx'
export { behindCase } from './pages-side.tsx'

// —— all of them ——

const states = ['active', 'paused', 'archived'] as const

export const listPage = page(
  base,
  { who: 'monitors.read', place: { section: 'monitors', title: 'monitors.title', icon: 'rings', order: 23, shortcut: 'g l' } },
  async see => {
    const q = see.query.get('q') ?? ''
    const state = states.find(each => each === see.query.get('state')) ?? 'active'
    const { items, next } = await monitors.list(see.ctx, { q, state, after: see.query.get('after') ?? undefined })
    const keep: Record<string, string> = state === 'active' ? {} : { state }
    const older = next && `${base}?${new URLSearchParams({ after: next, ...(q && { q }), ...keep })}`
    const manages = may(see.ctx.actor, 'monitors.manage')
    const make = { label: t('monitors.make'), href: `${base}/new` }
    return {
      title: t('monitors.title'),
      live: ['monitors'],
      body: (
        <ListPage title={t('monitors.title')} why={t('monitors.why')} width="reading" make={manages && make}>
          <Stack>
            <Tabs
              label={t('monitors.title')}
              tabs={[
                ...states.map(each => ({
                  href: each === 'active' ? base : `${base}?state=${each}`,
                  label: t(`monitors.state.${each}`),
                  current: each === state,
                })),
                { href: allMentions, label: t('monitors.mentions') },
              ]}
            />
            <SearchBox action={base} label={t('monitors.search')} value={q} shortcut="/" keep={keep} />
            {items.length === 0 ? (
              <EmptyState
                title={t(q || state !== 'active' ? 'monitors.noneFound' : 'monitors.empty')}
                why={t(q || state !== 'active' ? 'monitors.noneFoundWhy' : 'monitors.emptyWhy')}
                icon="rings"
                {...(manages && !q && state === 'active' && { action: { ...make, icon: 'add' as const } })}
              />
            ) : (
              <Grid columns="medium" gap="small">
                {items.map(each => (
                  <Stat
                    label={each.name}
                    value={number(sum(each.lately))}
                    unit={t('monitors.inDays')}
                    trend={each.lately}
                    detail={t(`monitors.kind.${each.kind}`)}
                    href={`${base}/${each.id}`}
                  />
                ))}
              </Grid>
            )}
            <Pager older={older || undefined} />
          </Stack>
        </ListPage>
      ),
    }
  },
)

const sum = (all: readonly number[]): number => all.reduce((one, other) => one + other, 0)

// —— one ——

const newest = 10

export const monitorPage = page(monitorPath, { who: 'monitors.read', section: 'monitors' }, async see => {
  const { monitor, look } = await monitors.one(see.ctx, { monitor: see.params.monitor! })
  const { items } = await monitors.mentions(see.ctx, { monitor: monitor.id, limit: newest })
  const path = `${base}/${monitor.id}`
  const manages = may(see.ctx.actor, 'monitors.manage')
  return {
    title: monitor.name,
    live: ['monitors', `monitor-look:${monitor.id}`, `mentions:${monitor.id}`],
    body: (
      <Page width="reading">
        <PageHead
          title={<bdi>{monitor.name}</bdi>}
          detail={
            <Row gap="small">
              {t(`monitors.kind.${monitor.kind}`)}
              {monitor.archivedAt ? (
                <Badge>{t('monitors.state.archived')}</Badge>
              ) : (
                monitor.pausedAt && <Badge>{t('monitors.state.paused')}</Badge>
              )}
            </Row>
          }
          above={<Breadcrumb crumbs={[{ label: t('monitors.title'), href: base }]} />}
          actions={<Deeds monitor={monitor} manages={manages} />}
        />
        <Stack>
          <Card title={t('monitors.query')}>
            <QueryShown tokens={rules.tokensOf(monitor.query)} />
          </Card>
          {look && <LookCard look={look} monitor={monitor.id} manages={manages} />}
          <CardList
            label={t('monitors.newest')}
            items={items}
            line={each => <MentionItem mention={each} now={see.ctx.now} />}
            empty={{ title: t('monitors.heardNothing'), why: t('monitors.heardNothingWhy'), icon: 'rings' }}
          />
          {items.length === newest && (
            <LinkButton href={`${allMentions}?monitor=${monitor.id}`} iconEnd="arrowRight">
              {t('monitors.allMentions')}
            </LinkButton>
          )}
          {manages && <LookBack path={path} />}
        </Stack>
      </Page>
    ),
  }
})

const Deeds = ({ monitor, manages }: { monitor: Monitor; manages: boolean }) => {
  const path = `${base}/${monitor.id}`
  const rests = Boolean(monitor.pausedAt)
  const isAway = Boolean(monitor.archivedAt)
  return (
    <Row gap="small">
      <LinkButton href={`${allMentions}?monitor=${monitor.id}`} icon="list">
        {t('monitors.mentions')}
      </LinkButton>
      {manages && (
        <>
          <LinkButton href={`${path}/edit`} icon="edit" shortcut="e">
            {t('monitors.edit')}
          </LinkButton>
          <LinkButton href={`${path}/noise`} icon="filter">
            {t('monitors.noise')}
          </LinkButton>
          {!isAway && (
            <ActionButton action={`${path}/${rests ? 'on' : 'pause'}`} icon={rests ? 'play' : 'pause'}>
              {t(rests ? 'monitors.goOn' : 'monitors.pause')}
            </ActionButton>
          )}
          <ActionButton action={`${path}/${isAway ? 'back' : 'archive'}`} icon={isAway ? 'undo' : 'archive'}>
            {t(isAway ? 'monitors.bringBack' : 'monitors.archive')}
          </ActionButton>
        </>
      )}
    </Row>
  )
}

const LookBack = ({ path }: { path: string }) => (
  <Card title={t('monitors.lookBack')} detail={t('monitors.lookBackWhy')}>
    <Form action={`${path}/look`} columns>
      <Input name="days" type="number" label={t('monitors.lookBackDays')} value={365} min={1} max={3650} inputmode="numeric" required />
      <FormActions>
        <Button icon="search">{t('monitors.lookBackDo')}</Button>
      </FormActions>
    </Form>
  </Card>
)

// —— deeds ——

const at = (see: See) => `${base}/${see.params.monitor}`

export const doPause = form(`${monitorPath}/pause`, monitors.pause, {
  done: see => ({ go: at(see), say: 'monitors.isPaused', undo: { path: `${at(see)}/on` } }),
})
export const doGoOn = form(`${monitorPath}/on`, monitors.goOn, { done: see => ({ go: at(see), say: 'monitors.isOn' }) })
export const doArchive = form(`${monitorPath}/archive`, monitors.archive, {
  done: see => ({ go: base, say: 'monitors.isArchived', undo: { path: `${at(see)}/back` } }),
})
export const doBringBack = form(`${monitorPath}/back`, monitors.bringBack, { done: see => ({ go: at(see), say: 'monitors.isBack' }) })
export const doLook = form(`${monitorPath}/look`, monitors.look, { done: see => ({ go: at(see), say: 'monitors.looksNow' }) })
export const doStop = form(`${monitorPath}/stop`, monitors.stop, { done: see => ({ go: at(see), say: 'monitors.stops' }) })
