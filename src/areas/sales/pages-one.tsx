/** The page of one opportunity or lead: how it stands, what is done next, what it consists of, what is said about it. */
import {
  ActionButton,
  ActionForm,
  Badge,
  Banner,
  Beside,
  Breadcrumb,
  Button,
  Card,
  Form,
  FormActions,
  Grid,
  IconButton,
  Input,
  Item,
  ItemList,
  Menu,
  MenuItem,
  Page,
  PageHead,
  PersonChip,
  PlainText,
  Quiet,
  RelativeTime,
  Row,
  Select,
  Stack,
  Stepper,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { fill, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { list as activities } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { workers } from '#social/members/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { threadStanding, threadTalk } from '#social/threads/words.ts'
import * as sales from './actions.ts'
import { dayText, deedsOf, money, OwnerSelect, percentText, StateBadge, TeamSelect, worthText } from './pages-parts.tsx'
import { Products } from './pages-products.tsx'
import { Side } from './pages-side.tsx'
import { isOverdue, numberIn } from './rules.ts'
import type { Ending, Reason, Stage } from './words.ts'

async function gathered(see: See, called: number) {
  const { ctx } = see
  const row = await sales.show(ctx, { number: called })
  const [beside, happened, colleagues, teams, stages, reasons, standing, talk] = await Promise.all([
    sales.besideOf(ctx, row),
    activities(ctx, { object: row.id, limit: 50, before: see.query.get('history') ?? undefined }),
    workers(ctx),
    teamsOf(ctx),
    sales.stagesOf(ctx),
    sales.reasonsOf(ctx),
    fill(see, threadStanding, { thread: row.discussion }),
    fill(see, threadTalk, { thread: row.discussion }),
  ])
  const items = happened.items as Activity[]
  const named = [row.person, row.company, row.owner, row.nextOwner, ...items.flatMap(each => [each.actor, each.target])]
  const people = await cardsOf(ctx, named.filter(each => each !== null)) // biome-ignore format: one line
  const works = may(ctx.actor, 'sales.work')
  return {
    row,
    works,
    today: sales.todayOf(ctx),
    ...beside,
    happened: { ...happened, items },
    colleagues,
    teams,
    stages,
    reasons,
    standing,
    talk,
    people,
  }
}

export type Gathered = Awaited<ReturnType<typeof gathered>>

export const onePage = page('/sales/:number{[Ss]-[0-9]+}', { who: 'sales.read', section: 'sales' }, async see => {
  const it = await gathered(see, numberIn(see.params.number!)!)
  const { row } = it
  return {
    title: `S-${row.number} ${row.title}`,
    live: ['sales', 'sales.settings', `thread:${row.discussion}`, `tasks:${row.discussion}`],
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('sales.sales'), href: '/sales' }, { label: `S-${row.number}` }]} />}
          title={<bdi>{row.title}</bdi>}
          detail={<Standing it={it} />}
          actions={
            <Row>
              {it.standing}
              {it.works && <Deeds it={it} see={see} />}
            </Row>
          }
        />
        <Stack>
          {row.state === 'open' && <Way it={it} />}
          {row.closedAt && <Ended it={it} />}
          <Beside label={t('sales.details')} side={<Side it={it} see={see} />}>
            <Stack gap="large">
              {!row.closedAt && <Next it={it} />}
              {row.about && (
                <Card>
                  <PlainText text={row.about} />
                </Card>
              )}
              <Products it={it} />
              <Threads it={it} />
              <Card title={t('sales.talk')} detail={t('sales.talkWhy')}>
                <Stack>{it.talk}</Stack>
              </Card>
            </Stack>
          </Beside>
        </Stack>
      </Page>
    ),
  }
})

const Standing = ({ it: { row, teams } }: { it: Gathered }) => (
  <Row>
    <StateBadge state={row.state} />
    <strong>{worthText(row)}</strong>
    {row.state === 'open' && <Badge>{percentText(row.chance)}</Badge>}
    {row.state === 'open' && row.value !== null && <Quiet>{t('sales.weightedAs', { value: money(row.weighted, row.currency) })}</Quiet>}
    {row.expectedOn && !row.closedAt && <Quiet>{t('sales.expectedBy', { at: dayText(row.expectedOn) })}</Quiet>}
    {row.ownerName ? <PersonChip name={row.ownerName} size="tiny" side="inside" /> : <Quiet>{t('sales.nobodys')}</Quiet>}
    {teams.find(each => each.id === row.team) && <Quiet>{teams.find(each => each.id === row.team)!.name}</Quiet>}
  </Row>
)

/** From the first stage to the last, with where it is now. */
const Way = ({ it: { row, stages } }: { it: Gathered }) => {
  const used = stages.filter(each => each.archivedAt === null || each.id === row.stage)
  const now = used.findIndex(each => each.id === row.stage)
  return (
    <Stepper
      label={t('sales.stages')}
      steps={used.map((each, at) => ({ label: sales.stageName(each), state: at < now ? 'done' : at === now ? 'now' : 'later' }))}
    />
  )
}

const Ended = ({ it: { row, reasons } }: { it: Gathered }) => {
  const reason = reasons.find(each => each.id === row.reason)
  return (
    <Banner tone={row.state === 'won' ? 'good' : 'neutral'} title={t(`sales.ended.${row.state}`)}>
      {[reason && sales.reasonName(reason), row.reasonNote].filter(Boolean).join(' – ')} <RelativeTime at={row.closedAt!} look="full" />
    </Banner>
  )
}

// —— deeds ——

const Deeds = ({ it, see }: { it: Gathered; see: See }) => {
  const { row } = it
  const [base, seen] = [deedsOf(row), { seen: String(row.version) }]
  if (row.closedAt)
    return (
      <ActionButton action={`${base}/reopen`} fields={seen} icon="undo" shortcut="e">
        {t('sales.reopen')}
      </ActionButton>
    )
  return (
    <>
      <Menu id="assign" label={t('sales.assign')} icon="assign" iconOnly shortcut="a" align="end">
        {row.owner && (
          <MenuItem action={`${base}/assign`} fields={{ to: '', ...seen }}>
            {t('sales.toNobody')}
          </MenuItem>
        )}
        {it.colleagues.map(each => (
          <MenuItem action={`${base}/assign`} fields={{ to: each.person, ...seen }} checked={each.person === row.owner}>
            {each.person === see.ctx.actor.person ? t('sales.me', { name: each.name }) : each.name}
          </MenuItem>
        ))}
      </Menu>
      <Stages it={it} />
      {row.state === 'lead' ? (
        <EndMenu it={it} ends="aside" />
      ) : (
        <>
          <EndMenu it={it} ends="lost" />
          <ActionButton action={`${base}/win`} fields={seen} icon="check" look="strong" shortcut="e">
            {t('sales.win')}
          </ActionButton>
        </>
      )}
    </>
  )
}

const Stages = ({ it: { row, stages } }: { it: Gathered }) => {
  const to = `${deedsOf(row)}/move/${row.version}`
  const isLead = row.state === 'lead'
  return (
    <Menu
      id="stage"
      label={t(isLead ? 'sales.qualify' : 'sales.toStage')}
      icon="trendUp"
      look={isLead ? 'strong' : undefined}
      shortcut="w"
      align="end"
    >
      {stages
        .filter(each => each.archivedAt === null)
        .map((each: Stage) => (
          <MenuItem action={to} fields={{ place: each.id }} checked={each.id === row.stage} hint={percentText(each.chance)}>
            {sales.stageName(each)}
          </MenuItem>
        ))}
      {!isLead && (
        <MenuItem action={to} fields={{ place: 'lead' }}>
          {t('sales.toLead')}
        </MenuItem>
      )}
    </Menu>
  )
}

/** An end that has a reason. */
const EndMenu = ({ it: { row, reasons }, ends }: { it: Gathered; ends: Ending }) => (
  <Menu id={ends} label={t(`sales.end.${ends}`)} icon={ends === 'lost' ? 'close' : 'archive'} shortcut="x" align="end">
    <Form action={`${deedsOf(row)}/${ends}`} hidden={{ seen: String(row.version) }}>
      <Select
        name="reason"
        label={t('sales.reason')}
        empty={t('sales.choose')}
        required
        choices={reasons
          .filter((each: Reason) => each.ends === ends && each.archivedAt === null)
          .map(each => ({ value: each.id, label: sales.reasonName(each) }))}
      />
      <Input id={`field-note-${ends}`} name="note" label={t('sales.reasonNote')} maxlength={500} optional autocomplete="off" />
      <Button look="strong">{t(`sales.end.${ends}`)}</Button>
    </Form>
  </Menu>
)

// —— the next step ——

const Next = ({ it: { row, works, today, people, colleagues } }: { it: Gathered }) => {
  const isLate = isOverdue(row, today)
  const whose = row.nextOwner ?? row.owner
  return (
    <Card title={t('sales.next')} detail={row.nextText ? undefined : t('sales.noNext')}>
      <Stack>
        {row.nextText && (
          <Banner
            tone={isLate ? 'bad' : 'neutral'}
            icon={isLate ? 'warning' : 'clock'}
            title={row.nextText}
            alert={isLate}
            actions={
              works && (
                <ActionButton action={`${deedsOf(row)}/step/done`} size="small" icon="check" shortcut="d">
                  {t('sales.stepDone')}
                </ActionButton>
              )
            }
          >
            {row.nextOn && t(isLate ? 'sales.nextLate' : 'sales.nextBy', { at: dayText(row.nextOn) })} {whose && people.get(whose)?.name}
          </Banner>
        )}
        {works && (
          <Form action={`${deedsOf(row)}/step`} label={t('sales.planStep')}>
            <Grid columns="narrow">
              <Input id="field-step" name="text" label={t('sales.step')} value={row.nextText ?? ''} maxlength={300} autocomplete="off" />
              <Input id="field-step-on" name="on" type="date" label={t('sales.stepOn')} value={row.nextOn ?? ''} optional />
              <OwnerSelect id="field-step-owner" people={colleagues} value={row.nextOwner} label={t('sales.stepOwner')} />
            </Grid>
            <FormActions>
              <Button size="small">{t('sales.planStep')}</Button>
            </FormActions>
          </Form>
        )}
      </Stack>
    </Card>
  )
}

// —— conversations ——

const Threads = ({ it }: { it: Gathered }) => (
  <Card title={t('sales.threads')} detail={it.threads.length === 0 ? t('sales.noThreads') : undefined} flush>
    <ItemList label={t('sales.threads')}>
      {it.threads.map(each => (
        <Item
          href={`/threads/${each.thread}`}
          title={<bdi>{each.subject || each.snippet.slice(0, 80).toWellFormed() || '–'}</bdi>}
          detail={<bdi>{each.snippet.slice(0, 160).toWellFormed()}</bdi>}
          end={
            <Row>
              <RelativeTime at={each.lastAt} />
              {it.works && <ThreadDeeds it={it} thread={each.thread} />}
            </Row>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const ThreadDeeds = ({ it: { row, teams }, thread }: { it: Gathered; thread: string }) => (
  <>
    {teams.length > 0 && (
      <Menu id={`back-${thread}`} label={t('sales.handBack')} icon="reply" iconOnly align="end">
        <Form action={`${deedsOf(row)}/back`} hidden={{ thread }} label={t('sales.handBack')}>
          <TeamSelect teams={teams} value={null} required />
          <TextArea id={`note-${thread}`} name="note" label={t('sales.handBackNote')} rows={3} maxlength={20_000} required />
          <Button look="strong">{t('sales.handBack')}</Button>
        </Form>
      </Menu>
    )}
    <ActionForm action={`/sales/threads/${thread}/unlink`} fields={{ opportunity: row.id }}>
      <IconButton icon="close" label={t('sales.unlink')} />
    </ActionForm>
  </>
)
