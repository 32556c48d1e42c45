/** Stages, reasons and the usual currency in the settings. */

import { refuse } from '#kernel/errors.ts'
import { ActionButton, Card, FormCard, Grid, Input, NewPage, Page, PageHead, SettingsCrumbs, ShelfCard, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer, oneOf, page, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as sales from './actions.ts'
import { CurrencySelect, percentText } from './pages-parts.tsx'
import { type Ending, endings } from './words.ts'

const base = '/settings/sales'
const InSales = () => <SettingsCrumbs among={[{ label: t('sales.settings'), href: base }]} />

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('sales.settings')} detail={t('sales.settingsWhy')} icon="trendUp" href={base} />,
  { order: 14, who: 'sales.read' },
)

export const settingsPage = page(
  base,
  { who: 'sales.read', section: 'settings', finds: () => [{ title: t('sales.settings'), icon: 'trendUp' }] },
  async see => {
    const [stages, reasons, currency] = await Promise.all([
      sales.stages(see.ctx, {}),
      sales.reasons(see.ctx, {}),
      sales.currencyOf(see.ctx),
    ])
    const manages = may(see.ctx.actor, 'sales.manage')
    return {
      title: t('sales.settings'),
      live: ['sales.settings'],
      body: (
        <Page width="narrow">
          <PageHead title={t('sales.settings')} detail={t('sales.settingsWhy')} above={<SettingsCrumbs />} />
          <Stack gap="large">
            <ShelfCard
              title={t('sales.stages')}
              why={t('sales.stagesWhy')}
              path={`${base}/stages`}
              make={{ label: t('sales.makeStage'), href: `${base}/stages/new` }}
              manages={manages}
              items={stages.items.map(each => ({ ...each, name: each.called, detail: percentText(each.chance) }))}
              words={shelf()}
            />
            {endings.map(ends => (
              <ShelfCard
                title={t(`sales.reasons.${ends}`)}
                why={t(`sales.reasonsWhy.${ends}`)}
                path={`${base}/reasons`}
                make={{ label: t('sales.makeReason'), href: `${base}/reasons/new?ends=${ends}` }}
                manages={manages}
                items={reasons.items.filter(each => each.ends === ends).map(each => ({ ...each, name: each.called }))}
                words={shelf()}
              />
            ))}
            {manages && (
              <FormCard title={t('sales.usualCurrency')} does={t('sales.save')} action={`${base}/currency`}>
                <CurrencySelect value={currency} />
              </FormCard>
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

/** As cards of things in use and in the archive say it; there is always one. */
const shelf = () => ({ none: '', archived: t('sales.archived'), back: t('sales.bringBack') })

// —— one of them ——

interface About {
  called?: string
  place: number
  chance?: number
}

const Fields = ({ called, place, chance }: About) => (
  <Grid columns="narrow">
    <Input name="name" label={t('sales.called')} value={called} maxlength={100} required autofocus autocomplete="off" />
    {chance !== undefined && (
      <Input name="chance" type="number" label={t('sales.chance')} value={chance} min={0} max={100} after="%" required />
    )}
    <Input name="place" type="number" label={t('sales.place')} hint={t('sales.placeHint')} value={place} min={1} max={99} required />
  </Grid>
)

const OnePage = ({ title, path, why, children }: { title: string; path: string; why: string; children: Html }) => (
  <Page width="narrow">
    <PageHead title={<bdi>{title}</bdi>} above={<InSales />} />
    <Stack gap="large">
      <FormCard does={t('sales.save')} action={path}>
        {children}
      </FormCard>
      <Card title={t('sales.archive')} detail={why}>
        <ActionButton action={`${path}/archive`} icon="archive">
          {t('sales.archive')}
        </ActionButton>
      </Card>
    </Stack>
  </Page>
)

const endingIn = (text: string | null): Ending => endings.find(each => each === text) ?? 'lost'

export const newStagePage = page(
  `${base}/stages/new`,
  { who: 'sales.manage', section: 'settings', finds: () => [{ title: t('sales.makeStage'), icon: 'add' }] },
  async see => {
    const { items } = await sales.stages(see.ctx, {})
    return {
      title: t('sales.makeStage'),
      body: (
        <NewPage
          title={t('sales.makeStage')}
          above={<InSales />}
          action={`${base}/stages`}
          leave={{ label: t('sales.cancel'), href: base }}
        >
          <Fields place={Math.min(99, Math.max(0, ...items.map(each => each.place)) + 1)} chance={50} />
        </NewPage>
      ),
    }
  },
)

export const stagePage = page(oneOf(`${base}/stages`, 'stage'), { who: 'sales.manage', section: 'settings' }, async see => {
  const { items } = await sales.stages(see.ctx, {})
  const known = items.find(each => each.id === see.params.stage) ?? refuse('notFound', 'sales.stageNotThere')
  return {
    title: known.called,
    live: ['sales.settings'],
    body: (
      <OnePage title={known.called} path={`${base}/stages/${known.id}`} why={t('sales.archiveStageWhy')}>
        <Fields {...known} />
      </OnePage>
    ),
  }
})

export const newReasonPage = page(
  `${base}/reasons/new`,
  { who: 'sales.manage', section: 'settings', finds: () => [{ title: t('sales.makeReason'), icon: 'add' }] },
  async see => {
    const ends = endingIn(see.query.get('ends'))
    const { items } = await sales.reasons(see.ctx, {})
    const place = Math.min(99, Math.max(0, ...items.filter(each => each.ends === ends).map(each => each.place)) + 1)
    return {
      title: t('sales.makeReason'),
      body: (
        <NewPage
          title={t(`sales.makeReasonFor.${ends}`)}
          above={<InSales />}
          action={`${base}/reasons`}
          hidden={{ ends }}
          leave={{ label: t('sales.cancel'), href: base }}
        >
          <Fields place={place} />
        </NewPage>
      ),
    }
  },
)

export const reasonPage = page(oneOf(`${base}/reasons`, 'reason'), { who: 'sales.manage', section: 'settings' }, async see => {
  const { items } = await sales.reasons(see.ctx, {})
  const known = items.find(each => each.id === see.params.reason) ?? refuse('notFound', 'sales.reasonNotThere')
  return {
    title: known.called,
    live: ['sales.settings'],
    body: (
      <OnePage title={known.called} path={`${base}/reasons/${known.id}`} why={t('sales.archiveReasonWhy')}>
        <Fields called={known.called} place={known.place} />
      </OnePage>
    ),
  }
})

// —— deeds ——

const about = (fields: FormData) => ({ name: typed(fields, 'name'), place: typed(fields, 'place') })
const aboutStage = (fields: FormData) => ({ ...about(fields), chance: typed(fields, 'chance') })
const fieldsOf = (was: { called: string; place: number; chance?: number }): Record<string, string> => ({
  ...{ name: was.called, place: String(was.place) },
  ...(was.chance !== undefined && { chance: String(was.chance) }),
})

export const doMakeStage = form(`${base}/stages`, sales.makeStage, { read: aboutStage, done: () => ({ go: base, say: 'sales.isMade' }) })
export const doChangeStage = form(`${base}/stages/:stage`, sales.changeStage, {
  read: (fields, { stage }) => ({ stage: stage!, ...aboutStage(fields) }),
  done: (_see, { was }, { stage }) => ({
    go: base,
    say: 'sales.isSaved',
    undo: { path: `${base}/stages/${stage}`, fields: fieldsOf(was) },
  }),
})
export const doArchiveStage = form(`${base}/stages/:stage/archive`, sales.archiveStage, {
  done: (_see, _out, { stage }) => ({ go: base, say: 'sales.isArchived', undo: { path: `${base}/stages/${stage}/back` } }),
})
export const doStageBack = form(`${base}/stages/:stage/back`, sales.bringStageBack, { done: () => ({ go: base, say: 'sales.isBack' }) })

export const doMakeReason = form(`${base}/reasons`, sales.makeReason, {
  read: fields => ({ ...about(fields), ends: endingIn(typed(fields, 'ends')) }),
  done: () => ({ go: base, say: 'sales.isMade' }),
})
export const doChangeReason = form(`${base}/reasons/:reason`, sales.changeReason, {
  read: (fields, { reason }) => ({ reason: reason!, ...about(fields) }),
  done: (_see, { was }, { reason }) => ({
    go: base,
    say: 'sales.isSaved',
    undo: { path: `${base}/reasons/${reason}`, fields: fieldsOf(was) },
  }),
})
export const doArchiveReason = form(`${base}/reasons/:reason/archive`, sales.archiveReason, {
  done: (_see, _out, { reason }) => ({ go: base, say: 'sales.isArchived', undo: { path: `${base}/reasons/${reason}/back` } }),
})
export const doReasonBack = form(`${base}/reasons/:reason/back`, sales.bringReasonBack, { done: () => ({ go: base, say: 'sales.isBack' }) })

export const doChooseCurrency = form(`${base}/currency`, sales.chooseCurrency, {
  done: (_see, { was }) => ({ stay: true, say: 'sales.isSaved', undo: { path: `${base}/currency`, fields: { currency: was } } }),
})
