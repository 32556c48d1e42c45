/** The page of one record: what it says, what changed, and what colleagues say and do about it. */
import {
  Beside,
  Breadcrumb,
  Card,
  DefinitionList,
  EventLine,
  Page,
  PageHead,
  Pager,
  Panel,
  PersonChip,
  Quiet,
  RelativeTime,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { fill, type Html, page, type See } from '#kernel/page.tsx'
import { list as activities, sentenceOf } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import { threadStanding, threadTalk } from '#social/threads/words.ts'
import * as records from './actions.ts'
import { pathOf, State, textOf, Value } from './pages-list.tsx'
import { saysIn } from './rules.ts'
import { Changed, type Kind, type Listed } from './words.ts'

const uuid = '[0-9a-f]{8}-[0-9a-f-]{27}'

export const recordPage = page(
  `/records/:kind{[a-z][a-z0-9-]*}/:record{${uuid}}`,
  { who: 'records.read', section: 'records' },
  async see => {
    const row = await records.show(see.ctx, { record: see.params.record! })
    const kind = await records.kindOf(see.ctx, row, see.params.kind!)
    const happened = await activities(see.ctx, { object: row.id, limit: 50, before: see.query.get('history') ?? undefined })
    const people = await cardsOf(see.ctx, [row.person, ...happened.items.flatMap(each => [each.actor, each.target])].filter(each => each !== null)) // biome-ignore format: one line
    const name = `${kind.one} ${row.key}`
    return {
      title: name,
      live: [`record:${row.id}`, `thread:${row.discussion}`, `tasks:${row.discussion}`],
      body: (
        <Page>
          <PageHead
            above={
              <Breadcrumb
                crumbs={[{ label: t('records.records'), href: '/records' }, { label: kind.many, href: pathOf(kind) }, { label: row.key }]}
              />
            }
            title={<bdi>{row.title === row.key ? name : row.title}</bdi>}
            detail={<Standing kind={kind} row={row} />}
            actions={await fill(see, threadStanding, { thread: row.discussion })}
          />
          <Beside
            label={t('records.about')}
            side={<Side row={row} people={people} history={<History {...{ see, kind, row, people, ...happened }} />} />}
          >
            <Stack gap="large">
              <Says kind={kind} row={row} />
              <Card title={t('records.talk')} detail={t('records.talkWhy')}>
                <Stack>{await fill(see, threadTalk, { thread: row.discussion })}</Stack>
              </Card>
            </Stack>
          </Beside>
        </Page>
      ),
    }
  },
)

const Standing = ({ kind, row }: { kind: Kind; row: Listed }) => (
  <Row>
    {row.title !== row.key && (
      <Quiet>
        {kind.one} <bdi>{row.key}</bdi>
      </Quiet>
    )}
    <State state={row.state} />
    <Quiet>
      {t('records.changed')} <RelativeTime at={row.changedAt} />
    </Quiet>
  </Row>
)

const Says = ({ kind, row }: { kind: Kind; row: Listed }) => (
  <Card title={t('records.says')} detail={t('records.saysWhy')}>
    <DefinitionList
      items={kind.fields
        .filter(each => !each.archived)
        .map(field => {
          const value = saysIn(row.fields, field.key)
          return { term: field.label, value: value ? <Value field={field} value={value} /> : <Quiet>–</Quiet> }
        })}
    />
  </Card>
)

const Side = ({ row, people, history }: { row: Listed; people: Map<string, PersonCard>; history: Html }) => {
  const known = row.person ? people.get(row.person) : undefined
  return (
    <Stack>
      <Panel title={t('records.person')}>
        {known ? (
          <PersonChip name={known.name} href={`/people/${known.stands}`} side={known.side} size="medium" strong />
        ) : (
          <Quiet>{row.personSays ? t('records.notKnown', { says: row.personSays }) : t('records.noPerson')}</Quiet>
        )}
      </Panel>
      {history}
    </Stack>
  )
}

interface HistoryProps {
  see: See
  kind: Kind
  row: Listed
  people: Map<string, PersonCard>
  items: unknown[]
  next: string | null
}

/** Each change by its fields: what it said, and what it says. */
const History = ({ see, kind, row, people, items, next }: HistoryProps) => (
  <Panel title={t('records.history')} folds closed={!see.query.has('history')}>
    {(items as Activity[]).map(each => (
      <EventLine at={each.at} icon="history">
        {sentenceOf(each, {
          actor: (each.actor && people.get(each.actor)?.name) || t('records.theHouse'),
          object: `${kind.one} ${row.key}`,
          target: (each.target && people.get(each.target)?.name) || '',
        })}
        <Changes kind={kind} each={each} />
      </EventLine>
    ))}
    <Pager older={next ? `?history=${next}` : undefined} newer={see.query.has('history') ? pathOf(kind, row) : undefined} />
  </Panel>
)

const Changes = ({ kind, each }: { kind: Kind; each: Activity }) => {
  const told = each.verb === Changed.verb && each.noun === Changed.noun ? Changed.detail.safeParse(each.detail) : undefined
  return (
    told?.success && (
      <ul class="changes">
        {told.data.changes.map(change => {
          const field = kind.fields.find(one => one.key === change.field)
          if (!field) return null
          const text = (value: string | null) => (value === null ? '–' : textOf(field, value))
          return (
            <li>
              <strong>{field.label}</strong>{' '}
              {field.role === 'person' ? (
                t('records.otherPerson')
              ) : (
                <>
                  <del>
                    <bdi>{text(change.from)}</bdi>
                  </del>{' '}
                  →{' '}
                  <ins>
                    <bdi>{text(change.to)}</bdi>
                  </ins>
                </>
              )}
            </li>
          )
        })}
      </ul>
    )
  )
}
