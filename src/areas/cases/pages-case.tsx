/** The page of one case: who has it, by when, what was said, what is to be done, what happened. */
import {
  ActionForm,
  Badge,
  Beside,
  Breadcrumb,
  Button,
  Card,
  Composer,
  Conversation,
  CopyButton,
  EventLine,
  FileChip,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  Menu,
  MenuItem,
  Message,
  Page,
  PageHead,
  Panel,
  PersonChip,
  PlainText,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { Shown } from '#kernel/html/shown.tsx'
import { bytes, t } from '#kernel/messages.ts'
import { fill, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { list as activities, sentenceOf } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { attachmentsOf } from '#social/content/actions.ts'
import { draftOf } from '#social/drafts/actions.ts'
import { workers } from '#social/members/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { messagesOf } from '#social/threads/actions.ts'
import * as cases from './actions.ts'
import { CaseItem, DueBadge, deedsOf, Idle, Marks, pathOf, StateBadge } from './pages-list.tsx'
import { FieldInputs, PrioritySelect, TeamSelect, TierSelect, TypeSelect } from './pages-open.tsx'
import { numberIn, timeText } from './rules.ts'
import { casePanel, type Listed } from './words.ts'

export type People = Map<string, PersonCard>

async function gathered(see: See, number: number) {
  const { ctx } = see
  const row = await cases.show(ctx, { number })
  const works = may(ctx.actor, 'cases.work')
  const [beside, talk, happened, colleagues, teams, types, begun, link, causes, idle, panels] = await Promise.all([
    cases.besideOf(ctx, row),
    messagesOf(ctx, row.discussion, { before: see.query.get('earlier') ?? undefined, limit: 50 }),
    activities(ctx, { object: row.id, limit: 100 }),
    workers(ctx),
    teamsOf(ctx),
    cases.types(ctx, {}),
    draftOf(ctx, `thread:${row.discussion}`),
    works ? cases.linkFor(ctx, row.id) : null,
    cases.causes(ctx),
    cases.idleCalendars(ctx),
    fill(see, casePanel, { case: row.id, person: row.person }),
  ])
  const ids = [
    ...[row.person, row.owner],
    ...talk.items.map(each => each.author),
    ...happened.items.flatMap(each => [each.actor, each.target]),
    ...beside.times.map(each => each.person),
  ].filter(each => each !== null)
  const [people, files] = await Promise.all([
    cardsOf(ctx, ids),
    attachmentsOf(
      ctx,
      talk.items.map(each => each.id),
    ),
  ])
  return {
    row,
    works,
    ...beside,
    talk,
    happened: happened.items as Activity[],
    colleagues,
    teams,
    types: types.items,
    begun,
    link,
    causes,
    idle,
    panels,
    people,
    files,
  }
}

export type Gathered = Awaited<ReturnType<typeof gathered>>

export const casePage = page('/cases/:number{[Kk]-[0-9]+}', { who: 'cases.read', section: 'cases' }, async see => {
  const it = await gathered(see, numberIn(see.params.number!)!)
  const { row, teams } = it
  const team = teams.find(each => each.id === row.team)
  // By the calendar of its own team, or of the house.
  const isIdle = it.idle.filter(name => name === (team?.name ?? ''))
  return {
    title: `K-${row.number} ${row.title}`,
    live: ['cases', `thread:${row.discussion}`, ...it.threads.map(each => `thread:${each.thread}`)],
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('cases.cases'), href: '/cases' }, { label: `K-${row.number}` }]} />}
          title={<bdi>{row.title}</bdi>}
          detail={<Standing row={row} team={team?.name} see={see} it={it} />}
          actions={it.works && <Deeds it={it} see={see} />}
        />
        <Stack>
          <Idle names={isIdle} />
          <Beside label={t('cases.details')} side={<Side it={it} see={see} />}>
            <Stack gap="large">
              {row.about && (
                <Card>
                  <PlainText text={row.about} />
                </Card>
              )}
              <Threads it={it} />
              <Discussion it={it} />
              <History it={it} />
            </Stack>
          </Beside>
        </Stack>
      </Page>
    ),
  }
})

const Standing = ({ row, team, see, it }: { row: Listed; team: string | undefined; see: See; it: Gathered }) => (
  <Row>
    <StateBadge state={row.state} />
    <Marks each={row} now={see.ctx.now} />
    {row.ownerName ? <PersonChip name={row.ownerName} size="tiny" side="inside" /> : <Quiet>{t('cases.nobodys')}</Quiet>}
    {team && <Quiet>{team}</Quiet>}
    {it.original && <a href={pathOf(it.original)}>{t('cases.duplicateOf', { number: it.original.number })}</a>}
    {row.state === 'waiting' && <Quiet>{t('cases.clockStands')}</Quiet>}
  </Row>
)

const Deeds = ({ it, see }: { it: Gathered; see: See }) => {
  const { row } = it
  const base = deedsOf(row)
  if (row.state === 'closed')
    return (
      <ActionForm action={`${base}/reopen`}>
        <Button icon="undo" shortcut="e">
          {t('cases.reopen')}
        </Button>
      </ActionForm>
    )
  return (
    <Row>
      {row.owner === null && (
        <ActionForm action={`${base}/take`}>
          <Button icon="person" shortcut="t">
            {t('cases.take')}
          </Button>
        </ActionForm>
      )}
      <Menu id="assign" label={t('cases.assign')} icon="assign" iconOnly shortcut="a" align="end">
        {row.owner && (
          <MenuItem action={`${base}/assign`} fields={{ to: '', seen: row.owner }}>
            {t('cases.toNobody')}
          </MenuItem>
        )}
        {it.colleagues.map(each => (
          <MenuItem action={`${base}/assign`} fields={{ to: each.person, seen: row.owner ?? '' }} checked={each.person === row.owner}>
            {each.person === see.ctx.actor.person ? t('cases.me', { name: each.name }) : each.name}
          </MenuItem>
        ))}
      </Menu>
      <ActionForm action={`${base}/move`} fields={{ place: row.state === 'waiting' ? 'open' : 'waiting' }}>
        <Button icon={row.state === 'waiting' ? 'play' : 'pause'} shortcut="w">
          {t(row.state === 'waiting' ? 'cases.goOn' : 'cases.wait')}
        </Button>
      </ActionForm>
      <Menu id="close" label={t('cases.close')} icon="check" look="strong" shortcut="e" align="end">
        <Form action={`${base}/close`}>
          <Input
            name="cause"
            label={t('cases.cause')}
            hint={t('cases.causeHint')}
            maxlength={200}
            suggestions={it.causes}
            optional
            autocomplete="off"
          />
          <Input
            name="duplicateOf"
            label={t('cases.asDuplicate')}
            hint={t('cases.parentHint')}
            maxlength={20}
            optional
            autocomplete="off"
          />
          <Button look="strong">{t('cases.close')}</Button>
        </Form>
      </Menu>
    </Row>
  )
}

// —— what was said ——

const Threads = ({ it: { threads, row, works } }: { it: Gathered }) => (
  <Card title={t('cases.threads')} detail={threads.length === 0 ? t('cases.noThreads') : undefined} flush>
    <ItemList label={t('cases.threads')}>
      {threads.map(each => (
        <Item
          href={`/threads/${each.thread}`}
          title={<bdi>{each.subject || each.snippet.slice(0, 80).toWellFormed() || '–'}</bdi>}
          detail={<bdi>{each.snippet.slice(0, 160).toWellFormed()}</bdi>}
          end={
            <Row>
              <RelativeTime at={each.lastAt} />
              {works && (
                <ActionForm action={`/cases/threads/${each.thread}/unlink`} fields={{ case: row.id }}>
                  <IconButton icon="close" label={t('cases.unlink')} />
                </ActionForm>
              )}
            </Row>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const Discussion = ({ it: { talk, people, files, row, begun } }: { it: Gathered }) => (
  <Card title={t('cases.discussion')} detail={t('cases.discussionWhy')}>
    <Stack>
      {talk.more && <a href={`?earlier=${talk.items[0]?.id}`}>{t('cases.earlier')}</a>}
      {talk.items.length > 0 && (
        <Conversation label={t('cases.discussion')}>
          {talk.items.map(each => {
            const own = files.get(each.id) ?? []
            return (
              <Message
                id={each.id}
                kind="note"
                author={{ name: (each.author && people.get(each.author)?.name) || t('cases.theHouse'), side: 'inside' }}
                at={each.at}
                attachments={
                  own.length > 0 && own.map(file => <FileChip name={file.name} href={`/files/${file.file}`} size={bytes(file.size)} />)
                }
              >
                <Shown content={each} files={own} />
              </Message>
            )
          })}
        </Conversation>
      )}
      <Composer
        id="write"
        action={`/threads/${row.discussion}/note`}
        kind="note"
        label={t('cases.write')}
        placeholder={t('cases.writeHint')}
        name="text"
        value={begun.text}
        draft={`thread:${row.discussion}`}
        maxlength={500_000}
        sendLabel={t('cases.note')}
        files
        compact
      />
    </Stack>
  </Card>
)

const History = ({ it: { happened, people, row } }: { it: Gathered }) => (
  <Panel title={t('cases.history')} count={happened.length} folds closed>
    {happened.map(each => (
      <EventLine at={each.at} icon="history">
        {sentenceOf(each, {
          actor: (each.actor && people.get(each.actor)?.name) || t('cases.theHouse'),
          object: `K-${row.number}`,
          target: (each.target && people.get(each.target)?.name) || '',
        })}
      </EventLine>
    ))}
  </Panel>
)

// —— beside it ——

const Side = ({ it, see }: { it: Gathered; see: See }) => (
  <Stack>
    <Customer it={it} />
    <Clock it={it} see={see} />
    <Checklist it={it} />
    <Details it={it} />
    <Times it={it} />
    <Family it={it} see={see} />
    {it.panels}
  </Stack>
)

const Customer = ({ it: { row, people, link, works } }: { it: Gathered }) => {
  const known = row.person ? people.get(row.person) : undefined
  return (
    <Panel title={t('cases.customer')}>
      {known ? (
        <Stack gap="small">
          <PersonChip name={known.name} href={`/people/${known.stands}`} side="customer" size="medium" strong />
          {link && (
            <>
              <Row>
                <a href={link}>{t('cases.publicPage')}</a>
                <CopyButton text={link} label={t('cases.copyLink')} />
              </Row>
              {works && (
                <ActionForm action={`${deedsOf(row)}/renew`}>
                  <Button look="bare" size="small" icon="refresh">
                    {t('cases.renew')}
                  </Button>
                </ActionForm>
              )}
            </>
          )}
        </Stack>
      ) : (
        <Quiet>{t('cases.noCustomer')}</Quiet>
      )}
    </Panel>
  )
}

const Clock = ({ it: { row }, see }: { it: Gathered; see: See }) =>
  (row.policy || row.answeredAt) && (
    <Panel title={t('cases.level')}>
      <Stack gap="small">
        <DueBadge each={row} now={see.ctx.now} />
        {row.firstDue && !row.answeredAt && <At words="firstDue" at={row.firstDue} />}
        {row.solveDue && <At words="solveDue" at={row.solveDue} />}
        {row.answeredAt && <At words="answeredAt" at={row.answeredAt} />}
      </Stack>
    </Panel>
  )

const At = ({ words, at }: { words: 'firstDue' | 'solveDue' | 'answeredAt'; at: Date }) => (
  <span>
    {t(`cases.${words}`)} <RelativeTime at={at} look="full" />
  </span>
)

const Checklist = ({ it: { checks, row, works } }: { it: Gathered }) => (
  <Panel title={t('cases.checklist')} count={checks.filter(each => !each.doneAt).length}>
    <ul class="checks">
      {checks.map(each => (
        <li>
          <ActionForm action={`/cases/checks/${each.id}`} fields={{ done: each.doneAt ? '' : 'done' }}>
            <IconButton
              icon={each.doneAt ? 'checkCircle' : 'circle'}
              label={t(each.doneAt ? 'cases.untick' : 'cases.tick', { text: each.text })}
              pressed={each.doneAt !== null}
            />
          </ActionForm>
          <bdi data-done={each.doneAt ? '' : undefined}>{each.text}</bdi>
          {works && (
            <ActionForm action={`/cases/checks/${each.id}/drop`}>
              <IconButton icon="close" label={t('cases.dropCheck', { text: each.text })} size="small" />
            </ActionForm>
          )}
        </li>
      ))}
    </ul>
    {works && (
      <Form action={`${deedsOf(row)}/checks`}>
        <Input id="field-check" name="text" label={t('cases.addCheck')} maxlength={500} required autocomplete="off" />
        <FormActions>
          <Button size="small">{t('cases.add')}</Button>
        </FormActions>
      </Form>
    )}
  </Panel>
)

const Details = ({ it: { row, types, teams, parent, works } }: { it: Gathered }) => {
  const choices = types.filter(each => each.archivedAt === null || each.id === row.type)
  return (
    <Panel title={t('cases.details')} folds closed>
      {works ? (
        <Form action={`${deedsOf(row)}/change`} draft={`case:${row.id}`} hidden={{ typeSeen: row.type ?? '' }}>
          <Stack gap="small">
            <Input id="field-case-title" name="title" label={t('cases.title')} value={row.title} maxlength={300} required />
            <TextArea id="field-case-about" name="about" label={t('cases.about')} value={row.about} maxlength={20_000} rows={3} />
            {choices.length > 0 && <TypeSelect types={choices} value={row.type ?? ''} />}
            <FieldInputs fields={types.find(each => each.id === row.type)?.fields ?? []} values={row.fields} />
            <PrioritySelect value={row.priority} />
            <TierSelect value={row.tier} />
            <TeamSelect teams={teams} value={row.team} />
            <Input name="parent" label={t('cases.parent')} value={parent ? `K-${parent.number}` : ''} maxlength={20} />
            <FormActions>
              <Button>{t('cases.save')}</Button>
            </FormActions>
          </Stack>
        </Form>
      ) : (
        <Badge>{t(`cases.priority.${row.priority}`)}</Badge>
      )}
    </Panel>
  )
}

const Times = ({ it: { times, row, people, works } }: { it: Gathered }) => (
  <Panel title={t('cases.time')} folds closed={times.length === 0}>
    <Stack gap="small">
      <strong>{timeText(row.minutes)}</strong>
      {times.length > 0 && (
        <ItemList label={t('cases.time')}>
          {times.map(each => (
            <Item
              title={`${timeText(each.minutes)} ${each.note}`}
              detail={
                <>
                  {(each.person && people.get(each.person)?.name) || t('cases.theHouse')} <RelativeTime at={each.at} />
                </>
              }
              end={
                works && (
                  <ActionForm action={`/cases/times/${each.id}/take`}>
                    <IconButton icon="close" label={t('cases.takeTime')} size="small" />
                  </ActionForm>
                )
              }
            />
          ))}
        </ItemList>
      )}
      {works && (
        <Form action={`${deedsOf(row)}/time`}>
          <Input
            name="time"
            label={t('cases.spent')}
            placeholder="30m"
            hint={t('cases.spentHint')}
            maxlength={40}
            required
            autocomplete="off"
          />
          <Input id="field-time-note" name="note" label={t('cases.forWhat')} maxlength={500} optional />
          <FormActions>
            <Button size="small">{t('cases.add')}</Button>
          </FormActions>
        </Form>
      )}
    </Stack>
  </Panel>
)

const Family = ({ it: { parent, around }, see }: { it: Gathered; see: See }) =>
  (parent || around.length > 0) && (
    <Panel title={t('cases.family')}>
      <ul class="case-items">
        {parent && <CaseItem each={{ ...parent, personName: null, ownerName: null }} now={see.ctx.now} />}
        {around.map(each => (
          <CaseItem each={each} now={see.ctx.now} />
        ))}
      </ul>
    </Panel>
  )
