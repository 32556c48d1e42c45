import type { z } from 'zod'
import { casePanel } from '#areas/cases/words.ts'
import { historyLines, threadDeeds, threadPanel } from '#areas/crm/words.ts'
import { ActionButton, LinkButton, MenuItem, Panel, Stack, Stat } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { homeCards, placeCount } from '#kernel/words.ts'
import { personPanel } from '#social/people/words.ts'
import { threadDoor } from '#social/threads/words.ts'
import * as sales from './actions.ts'
import { Its } from './pages-parts.tsx'
import { amountIn, amountText, decimalIn } from './rules.ts'
import { HandedBack, type Line, Linked, type Opportunity, Unlinked } from './words.ts'

export { forecastPage } from './pages-forecast.tsx'
export { boardPage, listPage, viewPage } from './pages-list.tsx'
export { doAdd, doAddHere, newPage } from './pages-new.tsx'
export { onePage } from './pages-one.tsx'
export {
  doArchiveReason,
  doArchiveStage,
  doChangeReason,
  doChangeStage,
  doChooseCurrency,
  doMakeReason,
  doMakeStage,
  doReasonBack,
  doStageBack,
  newReasonPage,
  newStagePage,
  reasonPage,
  settingsCard,
  settingsPage,
  stagePage,
} from './pages-settings.tsx'

// —— deeds ——

const one = '/sales/:opportunity{[0-9a-f-]{36}}' as const
const chosen = (fields: FormData, name: string): string | null => typed(fields, name).trim() || null
const seenIn = (fields: FormData): string | undefined => chosen(fields, 'seen') ?? undefined

export const doAssign = form(`${one}/assign`, sales.assign, {
  read: (fields, { opportunity }) => ({ opportunity: opportunity!, to: chosen(fields, 'to'), seen: seenIn(fields) }),
  done: (_see, { was, version }, { opportunity }) => ({
    stay: true,
    say: 'sales.isAssigned',
    undo: { path: `/sales/${opportunity}/assign`, fields: { to: was ?? '', seen: String(version) } },
  }),
})

/** A column of the board, or the menu of the page; the version is the one that was seen. */
export const doMove = form(`${one}/move/:seen{[0-9]{1,9}}`, sales.move, {
  read: (fields, { opportunity, seen }) => ({ opportunity: opportunity!, to: typed(fields, 'place'), seen }),
  done: (_see, { was, version }, { opportunity, to }) => ({
    stay: true,
    say: to === 'won' ? 'sales.isWon' : 'sales.isMoved',
    undo: to === 'won' ? backFrom(opportunity, version) : { path: `/sales/${opportunity}/move/${version}`, fields: { place: was } },
  }),
})

const backFrom = (opportunity: string, version: number) => ({ path: `/sales/${opportunity}/reopen`, fields: { seen: String(version) } })

export const doWin = form(`${one}/win`, sales.win, {
  done: (_see, { version }, { opportunity }) => ({ stay: true, say: 'sales.isWon', undo: backFrom(opportunity, version) }),
})

const why = (fields: FormData, { opportunity }: Record<string, string>) => ({
  ...{ opportunity: opportunity!, reason: typed(fields, 'reason'), note: typed(fields, 'note'), seen: seenIn(fields) },
})

export const doLose = form(`${one}/lost`, sales.lose, {
  read: why,
  done: (_see, { version }, { opportunity }) => ({ stay: true, say: 'sales.isLost', undo: backFrom(opportunity, version) }),
})

export const doSetAside = form(`${one}/aside`, sales.setAside, {
  read: why,
  done: (_see, { version }, { opportunity }) => ({ stay: true, say: 'sales.isSetAside', undo: backFrom(opportunity, version) }),
})

export const doReopen = form(`${one}/reopen`, sales.reopen, { done: () => ({ stay: true, say: 'sales.isReopened' }) })

// —— what it says ——

export const doChange = form(`${one}/change`, sales.change, {
  read: (fields, { opportunity }) => ({ opportunity: opportunity!, seen: seenIn(fields), ...writtenIn(fields) }),
  done: (_see, { was, companyWas }, { opportunity }) => ({
    stay: true,
    say: 'sales.isSaved',
    undo: { path: `/sales/${opportunity}/change`, fields: { ...fieldsOf(was), company: companyWas } },
  }),
})

/** What is not in the form stays as it is; an address that was left empty as well. */
function writtenIn(fields: FormData) {
  const there = (name: string) => fields.has(name)
  return {
    ...(chosen(fields, 'title') && { title: typed(fields, 'title') }),
    ...(there('about') && { about: typed(fields, 'about') }),
    ...(there('person') && { person: chosen(fields, 'person') }),
    ...(chosen(fields, 'address') && { address: typed(fields, 'address') }),
    ...(there('company') && { company: typed(fields, 'company') }),
    ...(there('team') && { team: chosen(fields, 'team') }),
    ...(there('currency') && { currency: typed(fields, 'currency') }),
    ...(there('value') && { value: amountIn(typed(fields, 'value'), typed(fields, 'currency'), 'value') }),
    ...(there('chance') && { chance: chosen(fields, 'chance') === null ? null : decimalIn(typed(fields, 'chance'), 'chance') }),
    ...(there('expectedOn') && { expectedOn: chosen(fields, 'expectedOn') }),
    ...(there('campaign') && { campaign: typed(fields, 'campaign') }),
  }
}

/** As the form would send it; what has ended is worth what it is. */
const fieldsOf = (was: Opportunity): Record<string, string> => ({
  ...{ title: was.title, about: was.about, person: was.person ?? '', team: was.team ?? '', campaign: was.campaign ?? '' },
  expectedOn: was.expectedOn ?? '',
  ...(!was.closedAt && {
    ...{ currency: was.currency, value: amountText(was.value, was.currency), chance: was.ownChance ? String(was.chance) : '' },
  }),
})

const lineIn = (fields: FormData) => ({
  name: typed(fields, 'name'),
  quantity: decimalIn(typed(fields, 'quantity'), 'quantity'),
  unit: amountIn(typed(fields, 'unit'), typed(fields, 'currency'), 'unit') ?? 0,
  discount: chosen(fields, 'discount') ? decimalIn(typed(fields, 'discount'), 'discount') : 0,
})

export const doAddLine = form(`${one}/lines`, sales.addLine, {
  read: (fields, { opportunity }) => ({ opportunity: opportunity!, ...lineIn(fields) }),
  done: (_see, { line }) => ({ stay: true, say: 'sales.isSaved', undo: { path: `/sales/lines/${line}/drop` } }),
})

export const doChangeLine = form('/sales/lines/:line{[0-9a-f-]{36}}', sales.changeLine, {
  read: (fields, { line }) => ({ line: line!, ...lineIn(fields) }),
  done: (_see, { was, currency }, { line }) => ({
    stay: true,
    say: 'sales.isSaved',
    undo: { path: `/sales/lines/${line}`, fields: lineFields(was, currency) },
  }),
})

const lineFields = ({ name, quantity, unit, discount }: Line, currency: string): Record<string, string> => ({
  ...{ name, quantity: String(quantity), unit: amountText(unit, currency), discount: String(discount), currency },
})

export const doDropLine = form('/sales/lines/:line{[0-9a-f-]{36}}/drop', sales.dropLine, {
  done: (_see, _out, { line, back }) => ({
    stay: true,
    say: 'sales.isSaved',
    undo: { path: `/sales/lines/${line}/drop`, fields: backFields(!back) },
  }),
})

const backFields = (isBack: boolean): Record<string, string> => (isBack ? { back: 'back' } : {})

type Step = { text: string | null; on: string | null; owner: string | null }
const stepUndo = (opportunity: string, { text, on, owner }: Step) => ({
  path: `/sales/${opportunity}/step`,
  fields: { text: text ?? '', on: on ?? '', owner: owner ?? '' },
})

export const doPlanStep = form(`${one}/step`, sales.planStep, {
  read: (fields, { opportunity }) => ({
    opportunity: opportunity!,
    text: typed(fields, 'text'),
    on: chosen(fields, 'on'),
    owner: chosen(fields, 'owner'),
  }),
  done: (_see, { was }, { opportunity }) => ({ stay: true, say: 'sales.isPlanned', undo: stepUndo(opportunity, was) }),
})

export const doStepDone = form(`${one}/step/done`, sales.stepDone, {
  done: (_see, { was }, { opportunity }) => ({ stay: true, say: 'sales.isStepDone', undo: stepUndo(opportunity, was) }),
})

// —— conversations ——

export const doUnlink = form('/sales/threads/:thread/unlink', sales.unlink, {
  done: (_see, { number }, { thread }) => ({
    stay: true,
    say: 'sales.isUnlinked',
    undo: { path: `/sales/threads/${thread}/link`, fields: { number: `S-${number}` } },
  }),
})

export const doLink = form('/sales/threads/:thread/link', sales.link, {
  done: (_see, out, { thread }) => ({
    stay: true,
    say: 'sales.isLinked',
    values: { number: out.number },
    ...(out.isNew && { undo: { path: `/sales/threads/${thread}/unlink`, fields: { opportunity: out.opportunity } } }),
  }),
})

export const doHandBack = form(`${one}/back`, sales.handBack, {
  done: (_see, { number }) => ({ stay: true, say: 'sales.isHandedBack', values: { number } }),
})

export const doHandOver = form('/sales/cases/:case{[0-9a-f-]{36}}/hand', sales.handOver, {
  done: (_see, { number, isNew }) => ({
    go: `/sales/S-${number}`,
    say: isNew ? 'sales.isAdded' : 'sales.isThereAlready',
    values: { number },
  }),
})

// —— in others’ rooms ——

/** From anywhere (search, notifications) to the opportunity that a discussion belongs to. */
export const threadLink = offer(
  threadDoor,
  async (see, { thread, lead }) => {
    if (thread.kind !== 'opportunity') return null
    const found = await sales.opportunityOfDiscussion(see.ctx, thread.id)
    if (found) lead(sales.pathOf(found))
    return null
  },
  { who: 'sales.read' },
)

/** One press, or its key, beside any conversation. */
export const inDeeds = offer(
  threadDeeds,
  async (_see, { thread }): Promise<Html> => (
    <MenuItem action={`/sales/threads/${thread}/add`} icon="trendUp" shortcut="Shift+v">
      {t('sales.addHere')}
    </MenuItem>
  ),
  { order: 30, who: 'sales.work' },
)

/** What sales did with a conversation stands in its history. */
export const inHistory = offer(
  historyLines,
  async (_see, { add }) => {
    add(Linked, 'trendUp', ({ actor, detail }, name) => {
      const { as, number } = detail as z.output<typeof Linked.detail>
      return t(`sales.line.${as}`, { actor: name(actor), number })
    })
    add(Unlinked, 'trendUp', ({ actor, detail }, name) =>
      t('sales.line.unlinked', { actor: name(actor), number: (detail as z.output<typeof Unlinked.detail>).number }),
    )
    add(HandedBack, 'trendUp', ({ actor, detail }, name) =>
      t('sales.line.handedBack', { actor: name(actor), team: (detail as z.output<typeof HandedBack.detail>).team }),
    )
    return null
  },
  { who: 'sales.read' },
)

/** Only where there is something: what belongs to the conversation first, then what else there is of its person. */
export const onThread = offer(
  threadPanel,
  async (see, { thread, person }): Promise<Html | null> => {
    const items = await sales.around(see.ctx, thread, person)
    if (items.length === 0) return null
    const own = [...items].sort((a, b) => Number(b.linked) - Number(a.linked))
    const alone = may(see.ctx.actor, 'sales.work') ? items.find(each => !each.linked && !each.closedAt) : undefined
    return (
      <Panel title={t('sales.sales')} count={items.length}>
        <Stack gap="small">
          <Its items={own} today={sales.todayOf(see.ctx)} stages={await sales.stagesOf(see.ctx)} />
          {alone && !items.some(each => each.linked) && (
            <ActionButton action={`/sales/threads/${thread}/link`} fields={{ number: `S-${alone.number}` }} size="small" icon="link">
              {t('sales.linkHere', { number: alone.number })}
            </ActionButton>
          )}
        </Stack>
      </Panel>
    )
  },
  { order: 22, who: 'sales.read' },
)

export const onPerson = offer(
  personPanel,
  async (see, { person }) => {
    // Beside a conversation they stand with the conversation.
    if (see.path.startsWith('/inbox')) return null
    const items = await sales.around(see.ctx, null, person)
    const works = may(see.ctx.actor, 'sales.work')
    if (items.length === 0 && !works) return null
    return (
      <Panel title={t('sales.sales')} count={items.length} folds>
        <Stack gap="small">
          <Its items={items} today={sales.todayOf(see.ctx)} stages={await sales.stagesOf(see.ctx)} />
          {works && (
            <LinkButton href={`/sales/new?person=${person}`} size="small" icon="add">
              {t('sales.add')}
            </LinkButton>
          )}
        </Stack>
      </Panel>
    )
  },
  { order: 22, who: 'sales.read' },
)

export const onCase = offer(
  casePanel,
  async (see, { case: one }): Promise<Html | null> => {
    const items = await sales.ofCase(see.ctx, one)
    const works = may(see.ctx.actor, 'sales.work') && !items.some(each => !each.closedAt)
    if (items.length === 0 && !works) return null
    return (
      <Panel title={t('sales.sales')} count={items.length || undefined}>
        <Stack gap="small">
          <Its items={items} today={sales.todayOf(see.ctx)} stages={await sales.stagesOf(see.ctx)} />
          {works && (
            <ActionButton action={`/sales/cases/${one}/hand`} size="small" icon="trendUp">
              {t('sales.handOver')}
            </ActionButton>
          )}
        </Stack>
      </Panel>
    )
  },
  { order: 30, who: 'sales.read' },
)

export const onHome = offer(
  homeCards,
  async (see): Promise<Html | null> => {
    const counts = await sales.countsOf(see.ctx)
    if (!counts.mine && !counts.late) return null
    return (
      <>
        <Stat label={t('sales.home.mine')} value={String(counts.mine ?? 0)} href="/sales/list/mine" tone="customer" />
        {Boolean(counts.late) && (
          <Stat
            label={t('sales.home.late')}
            value={String(counts.late)}
            href={`/sales/list/overdue?owner=${see.ctx.actor.person}`}
            tone="bad"
          />
        )}
      </>
    )
  },
  { order: 17, who: 'sales.read' },
)

export const inRail = offer(
  placeCount,
  async (see, { show }) => {
    show('sales', await sales.lateOf(see.ctx))
    return null
  },
  { who: 'sales.read' },
)
