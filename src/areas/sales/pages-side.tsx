/** What stands beside an opportunity: for whom it is, what it says, where it came from, what else there is, what happened. */
import {
  Button,
  EventLine,
  Form,
  FormActions,
  Input,
  Pager,
  Panel,
  PersonChip,
  Quiet,
  RelativeTime,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import { sentenceOf } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { channels } from '#social/channels/actions.ts'
import * as sales from './actions.ts'
import type { Gathered } from './pages-one.tsx'
import { CurrencySelect, deedsOf, Its, money, pathOf, TeamSelect } from './pages-parts.tsx'
import { amountText } from './rules.ts'
import { Lost, Moved, Qualified, SetAside, Valued, Won } from './words.ts'

export const Side = ({ it, see }: { it: Gathered; see: See }) => (
  <Stack>
    <Parties it={it} />
    {it.alike.length > 0 && (
      <Panel title={t('sales.alike')} count={it.alike.length}>
        <Stack gap="small">
          <Quiet small>{t('sales.alikeWhy')}</Quiet>
          <Its items={it.alike} today={it.today} stages={it.stages} />
        </Stack>
      </Panel>
    )}
    {it.works && <Details it={it} />}
    <Source it={it} />
    <History it={it} see={see} />
  </Stack>
)

const Parties = ({ it: { row, people } }: { it: Gathered }) => {
  const known = [row.person, row.company].flatMap(each => (each && people.get(each)) || [])
  return (
    <Panel title={t('sales.for')}>
      <Stack gap="small">
        {known.map(each => (
          <PersonChip
            name={each.name}
            href={`/people/${each.stands}`}
            side={each.side}
            organisation={each.kind === 'organisation'}
            size="medium"
            strong
          />
        ))}
        {known.length === 0 && <Quiet>{t('sales.forNobody')}</Quiet>}
      </Stack>
    </Panel>
  )
}

/** What has ended keeps its value. */
const Details = ({ it: { row, teams } }: { it: Gathered }) => (
  <Panel title={t('sales.details')} folds closed>
    <Form action={`${deedsOf(row)}/change`} draft={`opportunity:${row.id}`} hidden={{ seen: String(row.version) }}>
      <Stack gap="small">
        <Input id="field-opportunity-title" name="title" label={t('sales.title')} value={row.title} maxlength={300} required />
        <TextArea id="field-opportunity-about" name="about" label={t('sales.about')} value={row.about} maxlength={20_000} rows={3} />
        <Input
          name="address"
          label={t('sales.address')}
          hint={t('sales.addressHint')}
          placeholder={row.personName ?? ''}
          maxlength={500}
          optional
          autocomplete="off"
        />
        <Input name="company" label={t('sales.company')} value={row.companyName ?? ''} maxlength={300} optional autocomplete="off" />
        {!row.closedAt && <Worth row={row} />}
        <Input name="expectedOn" type="date" label={t('sales.expectedOn')} value={row.expectedOn ?? ''} optional />
        <TeamSelect teams={teams} value={row.team} />
        <Input name="campaign" label={t('sales.campaign')} value={row.campaign ?? ''} maxlength={100} optional autocomplete="off" />
        <FormActions>
          <Button>{t('sales.save')}</Button>
        </FormActions>
      </Stack>
    </Form>
  </Panel>
)

const Worth = ({ row }: { row: Gathered['row'] }) => (
  <>
    {row.lines.length > 0 ? (
      <Quiet small>{t('sales.valueOfLines')}</Quiet>
    ) : (
      <>
        <Input
          name="value"
          label={t('sales.value')}
          hint={t('sales.valueHint')}
          value={amountText(row.value, row.currency)}
          maxlength={20}
          inputmode="decimal"
          optional
        />
        <CurrencySelect value={row.currency} />
      </>
    )}
    <Input
      name="chance"
      type="number"
      label={t('sales.chance')}
      hint={t('sales.chanceHint')}
      value={row.ownChance ? row.chance : ''}
      placeholder={String(row.chance)}
      min={0}
      max={100}
      after="%"
      optional
    />
  </>
)

// —— where it came from ——

const channelTitle = (name: string): string => {
  const known = channels().find(each => each.name === name)
  return known ? t(known.title) : name
}

const mostShown = 12

/** What the person did until it was won, or until now: by channel, and the latest of it. */
const Source = ({ it: { row, touches } }: { it: Gathered }) => {
  const ways = new Map<string, number>()
  for (const each of touches) if (each.channel) ways.set(each.channel, (ways.get(each.channel) ?? 0) + 1)
  return (
    <Panel title={t('sales.source')} folds>
      <Stack gap="small">
        <span>
          {[t(`sales.came.${row.came}`), row.channel && channelTitle(row.channel), row.campaign].filter(Boolean).join(' · ')}{' '}
          <RelativeTime at={row.openedAt} look="full" />
        </span>
        {touches.length > 0 && (
          <Quiet small>
            {t('sales.touches', { count: touches.length })}
            {ways.size > 0 && `: ${[...ways].map(([name, count]) => `${channelTitle(name)} ${count}`).join(', ')}`}
          </Quiet>
        )}
        {touches.length > mostShown && touches[0] && <TouchLine each={touches[0]} row={row} first />}
        {touches.slice(-mostShown).map(each => (
          <TouchLine each={each} row={row} />
        ))}
      </Stack>
    </Panel>
  )
}

const TouchLine = ({ each, row, first }: { each: Gathered['touches'][number]; row: Gathered['row']; first?: boolean }) => {
  const sentence = sentenceOf(each as unknown as Activity, {
    actor: row.personName ?? '–',
    object: each.channel ? channelTitle(each.channel) : '',
    target: '',
  })
  return (
    <EventLine at={each.at} icon={first ? 'flag' : 'chat'}>
      {each.thread ? <a href={`/threads/${each.thread}`}>{sentence}</a> : sentence}
    </EventLine>
  )
}

// —— what happened ——

const History = ({ it: { happened, people, row, ...it }, see }: { it: Gathered; see: See }) => (
  <Panel title={t('sales.history')} folds closed={!see.query.has('history')}>
    {happened.items.map(each => (
      <EventLine at={each.at} icon="history">
        {sentenceOf(each, {
          actor: (each.actor && people.get(each.actor)?.name) || t('sales.theHouse'),
          object: `S-${row.number}`,
          target: (each.target && people.get(each.target)?.name) || '',
        })}
        <Told each={each} it={it} />
      </EventLine>
    ))}
    <Pager older={happened.next ? `?history=${happened.next}` : undefined} newer={see.query.has('history') ? pathOf(row) : undefined} />
  </Panel>
)

type Known = Pick<Gathered, 'stages' | 'reasons'>

/** What a change was from and to, as far as that is told. */
const Told = ({ each, it }: { each: Activity; it: Known }) => {
  const said = toldBy(each, it)
  return (
    said.length > 0 && (
      <ul class="changes">
        {said.map(text => (
          <li>{text}</li>
        ))}
      </ul>
    )
  )
}

function toldBy(each: Activity, { stages, reasons }: Known): string[] {
  const stage = (id: string | null) => {
    const known = stages.find(one => one.id === id)
    return known ? sales.stageName(known) : '–'
  }
  const reason = (id: string) => {
    const known = reasons.find(one => one.id === id)
    return known ? sales.reasonName(known) : '–'
  }
  const amount = ({ value, currency }: { value: number | null; currency: string }) => (value === null ? '–' : money(value, currency))
  const is = (word: { verb: string; noun: string }) => each.verb === word.verb && each.noun === word.noun
  const moved = is(Moved) ? Moved.detail.safeParse(each.detail).data : undefined
  if (moved) return [`${stage(moved.from)} → ${stage(moved.to)}`]
  const valued = is(Valued) ? Valued.detail.safeParse(each.detail).data : undefined
  if (valued) return [`${amount({ ...valued, value: valued.from })} → ${amount(valued)}`]
  const qualified = is(Qualified) ? Qualified.detail.safeParse(each.detail).data : undefined
  if (qualified) return [stage(qualified.stage)]
  const won = is(Won) ? Won.detail.safeParse(each.detail).data : undefined
  if (won) return [amount(won)]
  const lost = is(Lost) ? Lost.detail.safeParse(each.detail).data : undefined
  if (lost) return [reason(lost.reason)]
  const aside = is(SetAside) ? SetAside.detail.safeParse(each.detail).data : undefined
  return aside ? [reason(aside.reason)] : []
}
