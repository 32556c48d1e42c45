import { threadPanel } from '#areas/crm/words.ts'
import { drawingAgain } from '#kernel/html/again.tsx'
import { ActionForm, Banner, Button, Form, FormActions, Input, LinkButton, Panel, Quiet, Row, Stack, Stat } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { homeCards, placeCount } from '#kernel/words.ts'
import { personPanel } from '#social/people/words.ts'
import { threadDoor } from '#social/threads/words.ts'
import * as cases from './actions.ts'
import { CaseItem } from './pages-list.tsx'
import { fieldsIn } from './pages-open.tsx'
import { type Case, type Listed, states } from './words.ts'

export { calendarPage } from './pages-calendar.tsx'
export { casePage } from './pages-case.tsx'
export { causesPage } from './pages-causes.tsx'
export { doArchivePolicy, doChangePolicy, doMakePolicy, doPolicyBack, newPolicyPage, policyPage } from './pages-levels.tsx'
export { boardPage, listPage, viewPage } from './pages-list.tsx'
export { doOpen, newPage } from './pages-open.tsx'
export { publicPage, publicReply } from './pages-public.tsx'
export { doSetRules, settingsCard, settingsPage } from './pages-settings.tsx'
export { doArchiveType, doChangeType, doMakeType, doTypeBack, newTypePage, typePage } from './pages-types.tsx'

// —— deeds ——

const one = '/cases/:case{[0-9a-f-]{36}}' as const
const chosen = (fields: FormData, name: string): string | null => String(fields.get(name) ?? '') || null

/** Cases by their ids, as one field or as ticked boxes. */
const ticked = (fields: FormData): string[] => [...fields.getAll('cases[]').map(String), ...(chosen(fields, 'cases')?.split(' ') ?? [])]
const givingBack = (taken: string[]) => (taken.length ? { undo: { path: '/cases/give-back', fields: { cases: taken.join(' ') } } } : {})

export const doTake = form(`${one}/take`, cases.take, {
  read: (_fields, params) => ({ cases: [params.case!] }),
  done: (_see, { taken }) => ({ stay: true, say: 'cases.areTaken', values: { count: taken.length }, ...givingBack(taken) }),
})

export const bulkTake = form('/cases/take', cases.take, {
  read: fields => ({ cases: ticked(fields) }),
  done: (_see, { taken }) => ({ stay: true, say: 'cases.areTaken', values: { count: taken.length }, ...givingBack(taken) }),
})

export const doGiveBack = form('/cases/give-back', cases.giveBack, {
  read: fields => ({ cases: ticked(fields) }),
  done: () => ({ stay: true, say: 'cases.isGivenBack' }),
})

export const doAssign = form(`${one}/assign`, cases.assign, {
  read: (fields, params) => ({
    case: params.case!,
    to: chosen(fields, 'to'),
    seen: fields.has('seen') ? chosen(fields, 'seen') : undefined,
  }),
  done: (_see, { was }, input) => ({
    stay: true,
    say: 'cases.isAssigned',
    undo: { path: `/cases/${input.case}/assign`, fields: { to: was ?? '' } },
  }),
})

/** A column of the board, or the button of the page. */
export const doMove = form(`${one}/move`, cases.move, {
  read: (fields, params) => ({ case: params.case!, to: states.find(each => each === fields.get('place')) ?? 'open' }),
  done: (_see, { was }, input) => ({
    stay: true,
    say: 'cases.isMoved',
    undo: { path: `/cases/${input.case}/move`, fields: { place: was } },
  }),
})

export const doClose = form(`${one}/close`, cases.close, {
  read: (fields, params) => ({
    case: params.case!,
    cause: String(fields.get('cause') ?? ''),
    duplicateOf: chosen(fields, 'duplicateOf') ?? undefined,
  }),
  done: (_see, _out, input) => ({
    stay: true,
    say: 'cases.isClosed',
    undo: { path: `/cases/${input.case}/reopen`, fields: { undo: 'undo' } },
  }),
})

export const doReopen = form(`${one}/reopen`, cases.reopen, { done: () => ({ stay: true, say: 'cases.isReopened' }) })

export const doChange = form(`${one}/change`, cases.change, {
  read: (fields, params) => ({
    case: params.case!,
    title: chosen(fields, 'title') ?? undefined,
    about: fields.has('about') ? String(fields.get('about')) : undefined,
    type: fields.has('type') ? chosen(fields, 'type') : undefined,
    priority: (chosen(fields, 'priority') ?? undefined) as Case['priority'] | undefined,
    tier: (chosen(fields, 'tier') ?? undefined) as Case['tier'] | undefined,
    team: fields.has('team') ? chosen(fields, 'team') : undefined,
    parent: fields.has('parent') ? String(fields.get('parent')) : undefined,
    // A new type asks for other fields, which nobody has seen yet.
    fields: fields.has('typeSeen') && fields.get('type') === fields.get('typeSeen') ? fieldsIn(fields) : undefined,
  }),
  done: (_see, { was, parentWas }, input) => ({
    stay: true,
    say: 'cases.isSaved',
    undo: { path: `/cases/${input.case}/change`, fields: fieldsOf(was, parentWas) },
  }),
})

/** As the form would send it. */
const fieldsOf = (was: Case, parent: number | null): Record<string, string> => ({
  ...{ title: was.title, about: was.about, type: was.type ?? '', typeSeen: was.type ?? '', priority: was.priority, tier: was.tier },
  ...{ team: was.team ?? '', parent: parent === null ? '' : `K-${parent}` },
  ...Object.fromEntries(Object.entries(was.fields).map(([key, value]) => [`field.${key}`, String(value)])),
})

export const doRenew = form(`${one}/renew`, cases.renewLink, { done: () => ({ stay: true, say: 'cases.isRenewed' }) })

export const doAddCheck = form(`${one}/checks`, cases.addCheck, {
  done: (_see, { check }) => ({ stay: true, say: 'cases.isSaved', undo: { path: `/cases/checks/${check}/drop`, fields: {} } }),
})

export const doCheck = form('/cases/checks/:check', cases.setCheck, {
  read: (fields, { check }) => ({ check: check!, done: fields.get('done') === 'done' }),
  done: (_see, _out, { check, done }) => ({
    stay: true,
    say: done ? 'cases.isTicked' : 'cases.isUnticked',
    undo: { path: `/cases/checks/${check}`, fields: { done: done ? '' : 'done' } },
  }),
})

export const doDropCheck = form('/cases/checks/:check/drop', cases.dropCheck, {
  done: (_see, _out, { check, back }) => ({
    stay: true,
    say: 'cases.isSaved',
    undo: { path: `/cases/checks/${check}/drop`, fields: backFields(!back) },
  }),
})

const backFields = (isBack: boolean): Record<string, string> => (isBack ? { back: 'back' } : {})

export const doSpend = form(`${one}/time`, cases.spendTime, {
  done: (_see, { time }) => ({ stay: true, say: 'cases.isSpent', undo: { path: `/cases/times/${time}/take`, fields: {} } }),
})

export const doTakeTime = form('/cases/times/:time/take', cases.takeTime, {
  done: (_see, _out, { time }) => ({ stay: true, say: 'cases.isTimeTaken', undo: { path: `/cases/times/${time}/back`, fields: {} } }),
})
export const doRestoreTime = form('/cases/times/:time/back', cases.restoreTime, { done: () => ({ stay: true, say: 'cases.isSaved' }) })

export const doUnlink = form('/cases/threads/:thread/unlink', cases.unlink, {
  done: (_see, { number }, { thread }) => ({
    stay: true,
    say: 'cases.isUnlinked',
    undo: { path: `/cases/threads/${thread}/link`, fields: { number: `K-${number}` } },
  }),
})

export const doLink = form('/cases/threads/:thread/link', cases.link, {
  done: (_see, out, { thread }) => ({
    stay: true,
    say: 'cases.isLinked',
    values: { number: out.number },
    ...(out.isNew && { undo: { path: `/cases/threads/${thread}/unlink`, fields: { case: out.case } } }),
  }),
})

/** One press: whoever reads the conversation has the case, and goes on reading. */
export const doOpenHere = form('/cases/threads/:thread/open', cases.open, {
  read: (fields, { thread }, { actor }) => ({ thread: thread!, title: chosen(fields, 'title') ?? undefined, owner: actor.person }),
  done: (_see, { number }) => ({ go: `/cases/K-${number}`, say: 'cases.isOpened', values: { number } }),
})

// —— in others' rooms ——

/** From anywhere (search, notifications) to the case that a discussion belongs to. */
export const threadLink = offer(
  threadDoor,
  async (see, { thread, lead }) => {
    if (thread.kind !== 'case') return null
    const found = await cases.caseOfDiscussion(see.ctx, thread.id)
    if (found) lead(`/cases/K-${found.number}`)
    return null
  },
  { who: 'cases.read' },
)

export const onThread = offer(
  threadPanel,
  async (see, { thread, person }): Promise<Html> => {
    const [{ cases: its, suggested }, theirs] = await Promise.all([
      cases.ofThread(see.ctx, thread),
      person ? cases.ofPerson(see.ctx, person) : [],
    ])
    const others = theirs.filter(each => !its.some(one => one.id === each.id))
    const works = may(see.ctx.actor, 'cases.work')
    return (
      <Panel title={t('cases.cases')} count={its.length}>
        <Stack gap="small">
          {suggested && <Banner tone="warning">{t('cases.suggested')}</Banner>}
          <Its items={its} now={see.ctx.now} />
          {works && (
            <Row>
              <ActionForm action={`/cases/threads/${thread}/open`}>
                <Button size="small" icon="add" look={suggested ? 'strong' : 'plain'} shortcut="Shift+k">
                  {t('cases.openHere')}
                </Button>
              </ActionForm>
              <LinkButton href={`/cases/new?thread=${thread}`} size="small" look="bare">
                {t('cases.withDetails')}
              </LinkButton>
            </Row>
          )}
          {works && (
            <Form action={`/cases/threads/${thread}/link`}>
              {drawingAgain('cases.linkTo')([], () => (
                <LinkTo />
              ))}
            </Form>
          )}
          {others.length > 0 && <Quiet small>{t('cases.others')}</Quiet>}
          <Its items={others} now={see.ctx.now} />
        </Stack>
      </Panel>
    )
  },
  { order: 20, who: 'cases.read' },
)

const LinkTo = () => (
  <>
    <Input id="field-case-number" name="number" label={t('cases.linkTo')} placeholder="K-12" maxlength={20} required autocomplete="off" />
    <FormActions>
      <Button size="small" icon="link">
        {t('cases.link')}
      </Button>
    </FormActions>
  </>
)

const Its = ({ items, now }: { items: Listed[]; now: Date }) =>
  items.length > 0 && (
    <ul class="case-items">
      {items.map(each => (
        <CaseItem each={each} now={now} />
      ))}
    </ul>
  )

export const onPerson = offer(
  personPanel,
  async (see, { person }) => {
    // Beside a conversation they stand with its own.
    if (see.path.startsWith('/inbox')) return null
    const items = await cases.ofPerson(see.ctx, person)
    return (
      <Panel title={t('cases.ofPerson')} count={items.length} folds>
        {items.length === 0 ? <Quiet>{t('cases.noneYet')}</Quiet> : <Its items={items} now={see.ctx.now} />}
      </Panel>
    )
  },
  { order: 20, who: 'cases.read' },
)

export const onHome = offer(
  homeCards,
  async (see): Promise<Html> => {
    const counts = await cases.countsOf(see.ctx)
    return (
      <>
        <Stat label={t('cases.home.mine')} value={String(counts.mine ?? 0)} href="/cases/list/mine" tone="inside" />
        <Stat label={t('cases.home.breaching')} value={String(counts.breaching ?? 0)} href="/cases/list/breaching" tone="bad" />
      </>
    )
  },
  { order: 15, who: 'cases.read' },
)

export const inRail = offer(
  placeCount,
  async (see, { show }) => {
    show('cases', (await cases.countsOf(see.ctx)).mine ?? 0)
    return null
  },
  { who: 'cases.read' },
)
