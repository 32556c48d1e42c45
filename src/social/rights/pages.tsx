/** The register of what people asked about their data, and what stands about it on the page of a person. */
import {
  ActionForm,
  Avatar,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Card,
  Dialog,
  EmptyState,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Row,
  Select,
  Stack,
  Tabs,
  TextArea,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { personCards } from '#social/people/words.ts'
import * as rights from './actions.ts'
import { type Request, requestKinds, ways } from './words.ts'

export * from './pages-public.tsx'
export * from './pages-request.tsx'
export * from './pages-retention.tsx'

const base = '/rights'

const tones = { done: 'good', refused: 'neutral', ready: 'talk', waiting: 'warning', erasing: 'warning' } as const
const StateBadge = ({ it }: { it: Request }) => (
  <Badge tone={it.state in tones ? tones[it.state as keyof typeof tones] : 'neutral'}>{t(`rights.state.${it.state}`)}</Badge>
)

/** A day as people write it, without a clock. */
const day = (text: string): string => date(new Date(`${text}T12:00:00Z`))

export const listPage = page(
  base,
  { who: 'rights.manage', section: 'people', finds: () => [{ title: t('rights.rights'), icon: 'shield' }] },
  async see => {
    const ended = see.query.get('ended') === 'true'
    const { items, next } = await rights.list(see.ctx, { ended, before: see.query.get('before') ?? undefined })
    return {
      title: t('rights.rights'),
      live: ['rights'],
      body: (
        <Page width="reading">
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('people.people'), href: '/people' }, { label: t('rights.rights') }]} />}
            title={t('rights.rights')}
            detail={t('rights.why')}
          />
          <Tabs
            label={t('rights.which')}
            tabs={[
              { href: base, label: t('rights.openOnes'), current: !ended },
              { href: `${base}?ended=true`, label: t('rights.endedOnes'), current: ended },
            ]}
          />
          {items.length === 0 ? (
            <EmptyState
              title={t(ended ? 'rights.noneEnded' : 'rights.noneOpen')}
              why={t('rights.emptyWhy')}
              icon="shield"
              action={{ label: t('people.people'), href: '/people' }}
            />
          ) : (
            <Card flush>
              <ItemList label={t('rights.rights')}>
                {items.map(it => (
                  <RequestItem it={it} named today={see.ctx.now} />
                ))}
              </ItemList>
            </Card>
          )}
          {next && (
            <LinkButton
              href={`${base}?${new URLSearchParams({ before: next, ...(ended && { ended: 'true' }) })}`}
              size="small"
              iconEnd="chevronRight"
            >
              {t('rights.older')}
            </LinkButton>
          )}
        </Page>
      ),
    }
  },
)

const RequestItem = ({ it, named, today }: { it: Request; named?: boolean; today: Date }) => {
  const late = !it.endedAt && it.dueOn < today.toISOString().slice(0, 10)
  const when = it.endedAt ? t('rights.endedOn', { date: date(it.endedAt) }) : t('rights.dueOn', { date: day(it.dueOn) })
  return (
    <Item
      face={named && it.person && <Avatar name={it.person.name} side={it.person.side} />}
      title={named ? <bdi>{it.person?.name ?? '–'}</bdi> : t(`rights.kind.${it.kind}`)}
      href={`${base}/${it.id}`}
      detail={`${named ? `${t(`rights.kind.${it.kind}`)} · ` : ''}${when}`}
      end={
        <Row>
          {late && (
            <Badge tone="bad" icon="clock">
              {t('rights.late')}
            </Badge>
          )}
          <StateBadge it={it} />
        </Row>
      }
    />
  )
}

// —— on the page of a person ——

export const card = offer(
  personCards,
  async (see, { person }) => {
    const [{ items }, holds] = await Promise.all([rights.ofPerson(see.ctx, { person }), rights.holds(see.ctx, { person })])
    return (
      <Card
        title={t('rights.title')}
        icon="shield"
        detail={t('rights.titleWhy')}
        actions={
          <Row>
            <Button opens="rights-note" size="small" icon="add">
              {t('rights.note')}
            </Button>
            <Button opens="rights-hold" size="small" look="bare" icon="lock">
              {t('rights.hold')}
            </Button>
          </Row>
        }
      >
        <Stack>
          {holds.items.map(each => (
            <Banner
              tone="warning"
              icon="lock"
              title={t('rights.heldSince', { date: date(each.at), name: each.by?.name ?? '–' })}
              actions={
                <ActionForm action={`${base}/holds/${each.id}/end`}>
                  <Button size="small">{t('rights.holdEnd')}</Button>
                </ActionForm>
              }
            >
              <bdi>{each.reason}</bdi>
            </Banner>
          ))}
          {items.length > 0 && (
            <ItemList label={t('rights.title')}>
              {items.map(it => (
                <RequestItem it={it} today={see.ctx.now} />
              ))}
            </ItemList>
          )}
        </Stack>
        <Note person={person} />
        <HoldDialog person={person} />
      </Card>
    )
  },
  { order: 90, who: 'rights.manage' },
)

const Note = ({ person }: { person: string }) => (
  <Dialog id="rights-note" title={t('rights.note')}>
    <Form action={`/people/${person}/rights`} label={t('rights.note')}>
      <Select
        name="kind"
        label={t('rights.what')}
        choices={requestKinds.map(value => ({ value, label: t(`rights.kind.${value}`) }))}
        required
      />
      <Select name="how" label={t('rights.how')} choices={ways.map(value => ({ value, label: t(`rights.how.${value}`) }))} required />
      <Input name="askedAt" type="date" label={t('rights.askedAt')} hint={t('rights.askedAtWhy')} optional />
      <TextArea name="note" label={t('rights.words')} hint={t('rights.wordsWhy')} rows={3} maxlength={2000} optional />
      <FormActions>
        <Button look="strong">{t('rights.note')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)

const HoldDialog = ({ person }: { person: string }) => (
  <Dialog id="rights-hold" title={t('rights.hold')}>
    <Form action={`/people/${person}/rights/hold`} label={t('rights.hold')}>
      <TextArea name="reason" label={t('rights.reason')} hint={t('rights.holdWhy')} rows={3} maxlength={1000} required />
      <FormActions>
        <Button look="strong">{t('rights.hold')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)

export const doNote = form('/people/:person/rights', rights.note, {
  done: (_see, { request }) => ({ go: `${base}/${request}`, say: 'rights.noted' }),
})
export const doHold = form('/people/:person/rights/hold', rights.holdBegin, {
  done: (_see, { hold }) => ({ stay: true, say: 'rights.holdBegun', undo: { path: `${base}/holds/${hold}/end`, fields: {} } }),
})
export const doHoldEnd = form(`${base}/holds/:hold/end`, rights.holdEnd, {
  done: (_see, _out, { hold }) => ({ stay: true, say: 'rights.holdEnded', undo: { path: `${base}/holds/${hold}/back`, fields: {} } }),
})
export const doHoldBack = form(`${base}/holds/:hold/back`, rights.holdBack, { done: () => ({ stay: true, say: 'rights.holdBegun' }) })
