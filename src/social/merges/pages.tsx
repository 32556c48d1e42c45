/** Deciding that two records are one person, and what was decided before: panels on the page of a person, and a page to compare. */
import {
  ActionForm,
  Avatar,
  Badge,
  Banner,
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  EmptyState,
  Form,
  FormActions,
  Grid,
  IconButton,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Panel,
  Quiet,
  RadioGroup,
  Row,
  SearchBox,
  Stack,
} from '#kernel/html/kit.tsx'
import { date, hasMessage, t } from '#kernel/messages.ts'
import { form, offer, page, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { type PersonCard, personActions, personPanel } from '#social/people/words.ts'
import * as merges from './actions.ts'

export * from './pages-duplicates.tsx'

type Merge = Awaited<ReturnType<typeof merges.list>>['items'][number]
type Hint = Awaited<ReturnType<typeof merges.suggest>>['items'][number]

const pathOf = (person: { stands: string }) => `/people/${person.stands}`
const mergePath = (person: string, other?: string) => `/people/${person}/merge${other ? `?with=${other}` : ''}`
const Face = ({ person, size = 'small' }: { person: PersonCard; size?: 'small' | 'large' }) => (
  <Avatar name={person.name} side={person.side} size={size} organisation={person.kind === 'organisation'} />
)

// —— on the page of a person ——

export const mergeButton = offer(
  personActions,
  async (_see, { person }) => (
    <LinkButton href={mergePath(person)} icon="merge">
      {t('merges.merge')}
    </LinkButton>
  ),
  { order: 60, who: 'people.write' },
)

export const hintPanel = offer(
  personPanel,
  async (see, { person }) => {
    const items = await merges.suggested(see.ctx, person)
    if (items.length === 0) return null
    return (
      <Panel title={t('merges.maybe')} count={items.length}>
        <ItemList label={t('merges.maybe')}>
          {items.map(hint => (
            <HintItem person={person} hint={hint} write={may(see.ctx.actor, 'people.write')} />
          ))}
        </ItemList>
        <Quiet small>{t('merges.maybeWhy')}</Quiet>
      </Panel>
    )
  },
  { order: 20, who: 'people.read' },
)

const HintItem = ({ person, hint, write }: { person: string; hint: Hint; write: boolean }) => (
  <Item
    face={<Face person={hint.person} />}
    title={<bdi>{hint.person.name}</bdi>}
    href={pathOf(hint.person)}
    detail={t(`merges.because.${hint.because}`, { detail: hint.detail })}
    end={
      write && (
        <Row>
          <LinkButton href={mergePath(person, hint.person.id)} size="small">
            {t('merges.compare')}
          </LinkButton>
          <ActionForm action="/people/duplicates/part" fields={{ one: person, other: hint.person.stands }}>
            <IconButton icon="close" label={t('merges.part')} size="small" />
          </ActionForm>
        </Row>
      )
    }
  />
)

export const mergePanel = offer(
  personPanel,
  async (see, { person }) => {
    const { items } = await merges.list(see.ctx, { person })
    if (items.length === 0) return null
    const write = may(see.ctx.actor, 'people.write')
    return (
      <Panel title={t('merges.merged')} count={items.filter(each => !each.undoneAt).length}>
        <ItemList label={t('merges.merged')}>
          {items.map(merge => (
            <MergeItem merge={merge} write={write} />
          ))}
        </ItemList>
      </Panel>
    )
  },
  { order: 30, who: 'people.read' },
)

const MergeItem = ({ merge, write }: { merge: Merge; write: boolean }) => (
  <Item
    title={t('merges.goneIntoKept', { gone: merge.goneName, kept: merge.keptName })}
    detail={
      <>
        {hasMessage(merge.reason) ? t(merge.reason) : merge.reason} · {merge.by?.name ?? t('merges.house')} · {date(merge.at)}
        {merge.undoneAt && <Badge>{t('merges.undone', { date: date(merge.undoneAt) })}</Badge>}
      </>
    }
    end={
      write &&
      !merge.undoneAt && (
        <ActionForm action={`/people/merges/${merge.id}/undo`}>
          <Button size="small" icon="undo">
            {t('merges.undo')}
          </Button>
        </ActionForm>
      )
    }
  />
)

// —— deciding ——

export const comparing = page('/people/:person{[0-9a-f-]{36}}/merge', { who: 'people.write', section: 'people' }, async see => {
  const [mine, other] = await both(see)
  return {
    title: t('merges.merge'),
    body: (
      <Page>
        <PageHead
          above={
            <Breadcrumb
              crumbs={[
                { label: t('merges.people'), href: '/people' },
                { label: mine.name, href: pathOf(mine) },
                { label: t('merges.merge') },
              ]}
            />
          }
          title={t('merges.merge')}
          detail={t('merges.mergeWhy')}
        />
        {other && other.stands !== mine.stands ? <Compare see={see} mine={mine} other={other} /> : <Choose see={see} mine={mine} />}
      </Page>
    ),
  }
})

async function both(see: See): Promise<[PersonCard, PersonCard | undefined]> {
  const [one, two] = [see.params.person!, see.query.get('with') ?? '']
  await merges.list(see.ctx, { person: one })
  const cards = await cardsOf(see.ctx, isId(two) ? [one, two] : [one])
  return [cards.get(one)!, cards.get(two)]
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** First step: who else. */
async function Choose({ see, mine }: { see: See; mine: PersonCard }) {
  const q = see.query.get('q')?.slice(0, 100) ?? ''
  const found = (await merges.candidates(see.ctx, { person: mine.id, q })).items
  return (
    <Card title={t('merges.withWhom', { name: mine.name })} icon="merge">
      <SearchBox action={mergePath(mine.stands)} label={t('merges.find')} value={q} />
      {found.length > 0 ? (
        <ItemList label={t('merges.find')}>
          {found.map(person => (
            <Item
              face={<Face person={person} />}
              title={<bdi>{person.name}</bdi>}
              href={mergePath(mine.stands, person.id)}
              detail={person.address && <bdi>{person.address}</bdi>}
            />
          ))}
        </ItemList>
      ) : (
        <EmptyState compact title={q ? t('merges.nobody', { q }) : t('merges.findFirst')} icon="search" />
      )}
    </Card>
  )
}

/** Second step: both beside each other, who stands for both, and why. */
async function Compare({ see, mine, other }: { see: See; mine: PersonCard; other: PersonCard }) {
  const reasons = (await merges.suggest(see.ctx, { person: mine.id })).items.filter(each => each.person.stands === other.stands)
  const kept = other.sides.includes('colleague') ? other : mine
  const vips = await merges.areVips(see.ctx, mine.stands, other.stands)
  return (
    <Stack gap="large">
      <Grid columns="medium">
        <Half see={see} person={mine} />
        <Half see={see} person={other} />
      </Grid>
      <Card title={t('merges.decide')}>
        <Form action={`/people/${mine.stands}/merge`} hidden={{ one: mine.stands, two: other.stands }} label={t('merges.merge')}>
          <RadioGroup
            name="kept"
            label={t('merges.kept')}
            look="cards"
            value={kept.stands}
            choices={[mine, other].map(each => ({ value: each.stands, label: each.name, hint: each.address ?? undefined }))}
          />
          <Input
            name="reason"
            label={t('merges.reason')}
            hint={t('merges.reasonWhy')}
            value={reasons.map(each => t(`merges.because.${each.because}`, { detail: each.detail })).join('; ')}
            maxlength={1000}
            required
          />
          {vips && (
            <>
              <Banner tone="warning" title={t('merges.bothVip')}>
                {t('merges.bothVipWhy')}
              </Banner>
              <Checkbox name="sure" value="true" label={t('merges.sure')} />
            </>
          )}
          <FormActions>
            <Button look="strong" icon="merge">
              {t('merges.merge')}
            </Button>
            <LinkButton href={mergePath(mine.stands)}>{t('merges.other')}</LinkButton>
          </FormActions>
        </Form>
      </Card>
    </Stack>
  )
}

async function Half({ see, person }: { see: See; person: PersonCard }) {
  return (
    <Card title={<bdi>{person.name}</bdi>} href={pathOf(person)}>
      <Stack gap="small">
        <Face person={person} size="large" />
        {(await merges.addressesOf(see.ctx, person.id)).map(address => (
          <Quiet>
            <bdi>{address}</bdi>
          </Quiet>
        ))}
        <Row>
          {person.sides.map(side => (
            <Badge>{t(`sides.name.${side}`)}</Badge>
          ))}
        </Row>
      </Stack>
    </Card>
  )
}

export const decide = form('/people/:person{[0-9a-f-]{36}}/merge', merges.make, {
  read: fields => {
    const [one, two, kept] = [typed(fields, 'one'), typed(fields, 'two'), typed(fields, 'kept')]
    return { kept, gone: kept === one ? two : one, reason: typed(fields, 'reason'), sure: typed(fields, 'sure') || undefined }
  },
  done: (_see, { kept, merge }) => ({
    go: `/people/${kept}`,
    say: 'merges.done',
    undo: { path: `/people/merges/${merge}/undo`, fields: {} },
  }),
})

export const takeBack = form('/people/merges/:merge/undo', merges.undo, {
  done: (_see, { gone }) => ({ go: `/people/${gone}`, say: 'merges.takenBack' }),
})
