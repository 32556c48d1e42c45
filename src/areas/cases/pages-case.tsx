/** The page of one case: who has it, by when, what was said, what is to be done, what happened. */
import {
  ActionForm,
  Beside,
  Breadcrumb,
  Button,
  Card,
  Composer,
  Conversation,
  EventLine,
  FileChip,
  Form,
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
} from '#kernel/html/kit.tsx'
import { Shown } from '#kernel/html/shown.tsx'
import { firstIdAt, timeOf } from '#kernel/ids.ts'
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
import { byCause } from './pages-causes.tsx'
import { deedsOf, Idle, Marks, pathOf, StateBadge } from './pages-list.tsx'
import { Side } from './pages-side.tsx'
import { numberIn } from './rules.ts'
import { casePanel, type Listed, priorities } from './words.ts'

export type People = Map<string, PersonCard>

async function gathered(see: See, number: number) {
  const { ctx } = see
  const row = await cases.show(ctx, { number })
  const works = may(ctx.actor, 'cases.work')
  const [beside, talk, happened, colleagues, teams, types, begun, link, causes, idle, panels] = await Promise.all([
    cases.besideOf(ctx, row),
    messagesOf(ctx, row.discussion, { before: see.query.get('earlier') ?? undefined, limit: 50 }),
    // Nothing happened to it before it was opened, and its id tells when that was.
    activities(ctx, { object: row.id, from: firstIdAt(timeOf(row.id)), limit: 100 }),
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
    {row.state === 'closed' && row.cause && (
      <Quiet>
        {t('cases.cause')}: <a href={byCause(row.cause)}>{row.cause}</a>
      </Quiet>
    )}
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
      <Menu id="priority" label={t('cases.priority')} icon="flag" iconOnly shortcut="p" align="end">
        {priorities.map(each => (
          <MenuItem action={`${base}/change`} fields={{ priority: each }} checked={each === row.priority}>
            {t(`cases.priority.${each}`)}
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
