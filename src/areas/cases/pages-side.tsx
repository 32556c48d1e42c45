/** What stands beside a case: its customer, clock, checklist, time, and what it says. */
import {
  ActionForm,
  Badge,
  Button,
  CopyButton,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  Panel,
  PersonChip,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import type { Gathered } from './pages-case.tsx'
import { CaseItem, DueBadge, deedsOf } from './pages-list.tsx'
import { FieldInputs, PrioritySelect, TeamSelect, TierSelect, TypeSelect } from './pages-open.tsx'
import { timeText } from './rules.ts'

export const Side = ({ it, see }: { it: Gathered; see: See }) => (
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
        <Row>
          <DueBadge each={row} now={see.ctx.now} />
        </Row>
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
