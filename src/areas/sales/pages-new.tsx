/** A lead, or an opportunity at once: from a person, a conversation, or nothing but words. */
import { Banner, Breadcrumb, FieldSet, Folded, Grid, Input, NewPage, Select, Stack, TextArea } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, typed } from '#kernel/page.tsx'
import { workers } from '#social/members/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as sales from './actions.ts'
import { CurrencySelect, Its, OwnerSelect, TeamSelect } from './pages-parts.tsx'
import { amountIn } from './rules.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

export const newPage = page(
  '/sales/new',
  { who: 'sales.work', section: 'sales', finds: () => [{ title: t('sales.add'), icon: 'add' }] },
  async see => {
    const { ctx } = see
    const [person, thread] = ['person', 'thread'].map(name => (uuid.test(see.query.get(name) ?? '') ? see.query.get(name)! : ''))
    const [people, colleagues, teams, stages, currency, known] = await Promise.all([
      person ? cardsOf(ctx, [person]) : undefined,
      workers(ctx),
      teamsOf(ctx),
      sales.stagesOf(ctx),
      sales.currencyOf(ctx),
      person || thread ? sales.around(ctx, thread || null, person || null) : [],
    ])
    const who = people?.get(person!)
    const going = known.filter(each => !each.closedAt)
    return {
      title: t('sales.add'),
      body: (
        <NewPage
          title={t('sales.add')}
          above={<Breadcrumb crumbs={[{ label: t('sales.sales'), href: '/sales' }]} />}
          action="/sales"
          draft="sales:new"
          hidden={{ ...(who && { person: who.stands }), ...(thread && { thread }) }}
          leave={{ label: t('sales.cancel'), href: '/sales' }}
        >
          <Stack>
            {going.length > 0 && (
              <Banner tone="warning" title={t('sales.thereAlready')}>
                <Its items={going} today={sales.todayOf(ctx)} stages={stages} />
              </Banner>
            )}
            <Input
              name="title"
              label={t('sales.wants')}
              hint={t('sales.wantsHint')}
              maxlength={300}
              required={!thread}
              optional={Boolean(thread)}
              autofocus
            />
            <TextArea name="about" label={t('sales.about')} maxlength={20_000} rows={3} optional />
            {who ? (
              <p>{t('sales.forWhom', { name: who.name })}</p>
            ) : (
              !thread && (
                <FieldSet title={t('sales.for')} hint={t('sales.forHint')}>
                  <Grid columns="narrow">
                    <Input name="name" label={t('sales.name')} maxlength={300} optional autocomplete="off" />
                    <Input name="address" label={t('sales.address')} maxlength={500} optional autocomplete="off" />
                    <Input name="company" label={t('sales.company')} maxlength={300} optional autocomplete="off" />
                  </Grid>
                </FieldSet>
              )
            )}
            <Folded label={t('sales.more')}>
              <Stack>
                <Select
                  name="stage"
                  label={t('sales.stage')}
                  hint={t('sales.stageHint')}
                  empty={t('sales.asLead')}
                  choices={stages.filter(each => each.archivedAt === null).map(each => ({ value: each.id, label: sales.stageName(each) }))}
                />
                <Grid columns="narrow">
                  <Input name="value" label={t('sales.value')} hint={t('sales.valueHint')} maxlength={20} inputmode="decimal" optional />
                  <CurrencySelect value={currency} />
                  <Input name="expectedOn" type="date" label={t('sales.expectedOn')} optional />
                </Grid>
                <OwnerSelect people={colleagues} value={ctx.actor.person} />
                <TeamSelect teams={teams} value={null} />
                <Input
                  name="campaign"
                  label={t('sales.campaign')}
                  hint={t('sales.campaignHint')}
                  maxlength={100}
                  optional
                  autocomplete="off"
                />
              </Stack>
            </Folded>
          </Stack>
        </NewPage>
      ),
    }
  },
)

const chosen = (fields: FormData, name: string): string | undefined => typed(fields, name).trim() || undefined

export const doAdd = form('/sales', sales.add, {
  read: fields => ({
    title: chosen(fields, 'title'),
    about: typed(fields, 'about'),
    thread: chosen(fields, 'thread'),
    person: chosen(fields, 'person') ?? null,
    name: chosen(fields, 'name'),
    address: chosen(fields, 'address'),
    company: chosen(fields, 'company'),
    stage: chosen(fields, 'stage'),
    owner: chosen(fields, 'owner') ?? null,
    team: chosen(fields, 'team') ?? null,
    currency: chosen(fields, 'currency'),
    value: amountIn(typed(fields, 'value'), chosen(fields, 'currency') ?? '', 'value'),
    expectedOn: chosen(fields, 'expectedOn') ?? null,
    campaign: chosen(fields, 'campaign'),
  }),
  done: (_see, { number, isNew }) => ({
    go: `/sales/S-${number}`,
    say: isNew ? 'sales.isAdded' : 'sales.isThereAlready',
    values: { number },
  }),
})

/** One press: whoever reads the conversation has the lead. */
export const doAddHere = form('/sales/threads/:thread/add', sales.add, {
  read: (_fields, { thread }, { actor }) => ({ thread: thread!, owner: actor.person }),
  done: (_see, { number, isNew }) => ({
    go: `/sales/S-${number}`,
    say: isNew ? 'sales.isAdded' : 'sales.isThereAlready',
    values: { number },
  }),
})
