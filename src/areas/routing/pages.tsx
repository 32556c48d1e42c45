import { parse } from '#kernel/action.ts'
import { refuse } from '#kernel/errors.ts'
import {
  ActionForm,
  Badge,
  Banner,
  Button,
  Card,
  Form,
  FormActions,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  RelativeTime,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { settingsCards } from '#social/members/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as routing from './actions.ts'
import { definitionIn, Fields } from './pages-editor.tsx'
import { base, crumbs, Ends } from './pages-list.tsx'
import { Tried } from './pages-trying.tsx'
import { type Choices, choicesFor, deedTexts, lineOf } from './pages-words.tsx'
import { definition, type Rule } from './words.ts'

export { listPage } from './pages-list.tsx'
export { doUnwatch, doWatch, doWatchAgain, inSettingsWatches, watchesPage } from './pages-watching.tsx'
export { hitsPage, onCase, onThread, queuesPage, whyPage } from './pages-why.tsx'

// —— one ——

/** What many begin with. */
const templates: Record<string, object> = {
  team: { when: 'conversation', conditions: [{ about: 'owner', values: ['nobody'] }] },
  notice: { when: 'message', conditions: [{ about: 'hours', how: 'isNot', values: ['all'] }], deeds: { notice: '' } },
  close: { when: 'waiting', minutes: 7 * 1440, deeds: { close: { days: 3, notice: '' } } },
}

/** Not yet by its schema: a text is still to be written. */
function templateOf(from: string | null) {
  const it = templates[from ?? '']
  if (!it) return undefined
  const words = { notice: t('routing.noticeText'), closeNotice: t('routing.closeText') }
  const deeds = from === 'notice' ? { notice: words.notice } : from === 'close' ? { close: { days: 3, notice: words.closeNotice } } : {}
  return definition.parse({ ...it, name: t(`routing.from.${from}`), deeds })
}

export const newPage = page(
  `${base}/new`,
  { who: 'routing.manage', section: 'settings', finds: () => [{ title: t('routing.make'), icon: 'add' }] },
  async see => ({
    title: t('routing.make'),
    body: (
      <Page width="narrow">
        <PageHead title={t('routing.make')} above={crumbs({ label: t('routing.title'), href: base })} detail={t('routing.makeWhy')} />
        <Editor path={base} definition={templateOf(see.query.get('from'))} choices={await choicesFor(see.ctx)} />
      </Page>
    ),
  }),
)

interface EditorProps {
  path: string
  /** As it is saved. */
  rule?: string
  definition?: Rule['definition']
  choices: Choices
}

const Editor = ({ path, rule, definition: it, choices }: EditorProps) => (
  <Card>
    <Form action={path} hidden={rule ? { rule } : {}}>
      <Fields definition={it} choices={choices} />
      <FormActions>
        <Button look="strong">{t(rule ? 'routing.save' : 'routing.make')}</Button>
        <Button formaction={`${base}/try`} icon="eye">
          {t('routing.try')}
        </Button>
        <LinkButton href={base}>{t('routing.cancel')}</LinkButton>
      </FormActions>
    </Form>
  </Card>
)

/** Its own address never stands in the way of the others. */
const one = `${base}/:rule{(?!new$|try$)[^/]+}` as const

export const rulePage = page(one, { who: 'routing.read', section: 'settings' }, async see => {
  const [rule, choices] = await Promise.all([routing.show(see.ctx, { rule: see.params.rule! }), choicesFor(see.ctx)])
  const manages = may(see.ctx.actor, 'routing.manage')
  const path = `${base}/${rule.id}`
  return {
    title: rule.definition.name,
    live: ['routing'],
    body: (
      <Page width="narrow">
        <PageHead
          title={<bdi>{rule.definition.name}</bdi>}
          detail={lineOf(rule.definition, choices)}
          above={crumbs({ label: t('routing.title'), href: base })}
          actions={<Ends rule={rule} first last manages={manages} />}
        />
        <Stack gap="large">
          {rule.faults.length > 0 && (
            <Banner tone="warning">{t('routing.faults', { what: rule.faults.map(each => t(`routing.fault.${each}`)).join(', ') })}</Banner>
          )}
          {rule.stoppedAt && (
            <Banner tone="warning">
              {t('routing.loopedWhy')} <RelativeTime at={rule.stoppedAt} look="full" />
            </Banner>
          )}
          {manages && !rule.archived ? (
            <Editor path={`${path}/change`} rule={rule.id} definition={rule.definition} choices={choices} />
          ) : (
            <Card title={t('routing.thenTitle')}>{deedTexts(rule.definition, choices).join(' · ')}</Card>
          )}
          <Row>
            <LinkButton href={`${path}/try`} icon="eye">
              {t('routing.trySaved')}
            </LinkButton>
            <LinkButton href={`${path}/hits`} icon="list">
              {t('routing.hits')}
            </LinkButton>
            <LinkButton href={`${path}/history`} icon="history">
              {t('routing.history')}
            </LinkButton>
            {manages && (
              <ActionForm action={`${path}/${rule.archived ? 'back' : 'archive'}`}>
                <Button icon={rule.archived ? 'undo' : 'archive'}>{t(rule.archived ? 'routing.bringBack' : 'routing.archive')}</Button>
              </ActionForm>
            )}
          </Row>
        </Stack>
      </Page>
    ),
  }
})

export const tryPage = page(`${one}/try`, { who: 'routing.read', section: 'settings' }, async see => {
  const [tried, choices] = [await routing.tryOut(see.ctx, { rule: see.params.rule! }), await choicesFor(see.ctx)]
  return {
    title: tried.name,
    body: (
      <Page width="reading">
        <PageHead
          title={<bdi>{tried.name}</bdi>}
          above={crumbs({ label: t('routing.title'), href: base }, { label: tried.name, href: `${base}/${see.params.rule}` })}
        />
        <Tried tried={tried} choices={choices} />
      </Page>
    ),
  }
})

/** What is typed is tried, and stands below to be written on; where nothing is typed yet, it begins here. */
export const tryTypedPage = page(
  `${base}/try`,
  { who: 'routing.manage', section: 'settings', finds: () => [{ title: t('routing.tryOne'), icon: 'eye' }] },
  async see => {
    const [text, rule] = [see.query.get('typed'), see.query.get('rule') ?? undefined]
    const typed = text ? typedIn(text) : undefined
    const [tried, choices] = [typed && (await routing.tryOut(see.ctx, { definition: typed })), await choicesFor(see.ctx)]
    return {
      title: tried?.name ?? t('routing.tryOne'),
      body: (
        <Page width="narrow">
          <PageHead
            title={<bdi>{tried?.name ?? t('routing.tryOne')}</bdi>}
            detail={t('routing.notSaved')}
            above={crumbs({ label: t('routing.title'), href: base })}
          />
          <Stack gap="large">
            {tried && <Tried tried={tried} choices={choices} />}
            <Editor path={rule ? `${base}/${rule}/change` : base} rule={rule} definition={typed} choices={choices} />
          </Stack>
        </Page>
      ),
    }
  },
)

function typedIn(text: string): Rule['definition'] {
  try {
    return parse(definition, JSON.parse(text))
  } catch {
    return refuse('invalid', 'routing.notThere')
  }
}

export const historyPage = page(`${one}/history`, { who: 'routing.read', section: 'settings' }, async see => {
  const rule = see.params.rule!
  const [{ items }, choices] = await Promise.all([routing.history(see.ctx, { rule }), choicesFor(see.ctx)])
  const people = await cardsOf(see.ctx, items.flatMap(each => each.by ?? [])) // biome-ignore format: one line
  const manages = may(see.ctx.actor, 'routing.manage')
  const name = items[0]!.definition.name
  return {
    title: name,
    body: (
      <Page width="reading">
        <PageHead
          title={t('routing.history')}
          above={crumbs({ label: t('routing.title'), href: base }, { label: name, href: `${base}/${rule}` })}
        />
        <Card flush>
          <ItemList label={t('routing.history')}>
            {items.map((each, at) => (
              <Item
                title={`${lineOf(each.definition, choices)} → ${deedTexts(each.definition, choices).join(' · ')}`}
                detail={
                  <>
                    <bdi>{each.definition.name}</bdi> · {(each.by && people.get(each.by)?.name) || t('routing.theHouse')} ·{' '}
                    <RelativeTime at={each.at} />
                  </>
                }
                end={
                  at === 0 ? (
                    <Badge>{t('routing.holds')}</Badge>
                  ) : (
                    manages && (
                      <ActionForm action={`${base}/${rule}/restore`} fields={{ version: each.id }}>
                        <Button size="small" icon="undo">
                          {t('routing.restore')}
                        </Button>
                      </ActionForm>
                    )
                  )
                }
              />
            ))}
          </ItemList>
        </Card>
      </Page>
    ),
  }
})

// —— deeds ——

export const doMake = form(base, routing.make, {
  read: fields => ({ definition: definitionIn(fields) }),
  done: (_see, { rule }) => ({ go: `${base}/${rule}`, say: 'routing.isMade' }),
})

export const doTry = form(`${base}/try`, routing.check, {
  read: fields => ({ definition: definitionIn(fields), rule: String(fields.get('rule') ?? '') || undefined }),
  done: (_see, { typed }, { rule }) => ({ go: `${base}/try?${new URLSearchParams({ typed, ...(rule && { rule }) })}` }),
})

export const doChange = form(`${base}/:rule/change`, routing.change, {
  read: (fields, { rule }) => ({ rule: rule!, definition: definitionIn(fields) }),
  done: (_see, { version }, { rule }) => ({
    go: `${base}/${rule}`,
    say: 'routing.isChanged',
    undo: { path: `${base}/${rule}/restore`, fields: { version } },
  }),
})

export const doRestore = form(`${base}/:rule/restore`, routing.restore, {
  done: (_see, _out, { rule }) => ({ go: `${base}/${rule}`, say: 'routing.isRestored' }),
})

export const doMove = form(`${base}/:rule/move`, routing.move, {
  done: (_see, { moved }, { rule, to }) => ({
    stay: true,
    say: moved ? 'routing.isMoved' : 'routing.isAtEnd',
    ...(moved && { undo: { path: `${base}/${rule}/move`, fields: { to: to === 'up' ? 'down' : 'up' } } }),
  }),
})

const back = (rule: string, deed: string) => ({ path: `${base}/${rule}/${deed}`, fields: {} })

export const doTurnOn = form(`${base}/:rule/on`, routing.turnOn, {
  done: (_see, _out, { rule }) => ({ stay: true, say: 'routing.isOn', undo: back(rule, 'off') }),
})
export const doTurnOff = form(`${base}/:rule/off`, routing.turnOff, {
  done: (_see, _out, { rule }) => ({ stay: true, say: 'routing.isTurnedOff', undo: back(rule, 'on') }),
})
export const doArchive = form(`${base}/:rule/archive`, routing.archive, {
  done: (_see, _out, { rule }) => ({ go: base, say: 'routing.isArchived', undo: back(rule, 'back') }),
})
export const doBringBack = form(`${base}/:rule/back`, routing.bringBack, {
  done: (_see, _out, { rule }) => ({ go: `${base}/${rule}`, say: 'routing.isBack' }),
})

export const inSettings = offer(
  settingsCards,
  async () => <Card title={t('routing.title')} detail={t('routing.why')} icon="sort" href={base} />,
  { order: 33, who: 'routing.read' },
)
