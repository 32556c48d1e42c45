/** One person with all that is known of them. */

import { now } from '#kernel/clock.ts'
import {
  ActionForm,
  Avatar,
  Badge,
  Banner,
  Beside,
  Breadcrumb,
  Button,
  Card,
  Dialog,
  EmptyState,
  EventLine,
  Folded,
  Form,
  FormActions,
  Heading,
  IconButton,
  type IconName,
  Input,
  Item,
  ItemList,
  LinkButton,
  Menu,
  MenuItem,
  Page,
  PageHead,
  PersonChip,
  PlainText,
  Quiet,
  Row,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { date, languageNames, languages, locale, t } from '#kernel/messages.ts'
import { fill, form, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { involving, sentenceOf } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { cardsOf, idsOf, networks, signInNetwork } from '#social/people/actions.ts'
import { type PersonCard, personActions, personCards, personPanel, reasons } from '#social/people/words.ts'
import { type SideName, sideNames } from '#social/sides/words.ts'
import * as profile from './actions.ts'
import type { Profile } from './words.ts'

export * from './pages-edit.tsx'

const pathOf = (person: { stands: string }) => `/people/${person.stands}`

const toneOf = (side: SideName) => (side === 'colleague' ? 'inside' : side === 'customer' ? 'customer' : 'outside')

const Sides = ({ person }: { person: PersonCard }) => (
  <>
    {person.flagged && (
      <Badge tone="warning" icon="warning">
        {t('profile.flagged')}
      </Badge>
    )}
    {person.sides.map(side => (
      <Badge tone={toneOf(side)}>{t(`sides.name.${side}`)}</Badge>
    ))}
  </>
)

export const person = page('/people/:person{[0-9a-f-]{36}}', { who: 'people.read', section: 'people' }, async see => {
  const it = await profile.show(see.ctx, { person: see.params.person! })
  const write = may(see.ctx.actor, 'people.write')
  return {
    title: it.card.name,
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('profile.people'), href: '/people' }, { label: it.card.name }]} />}
          face={<Avatar name={it.card.name} side={it.card.side} size="huge" organisation={it.card.kind === 'organisation'} />}
          title={<bdi>{it.card.name}</bdi>}
          detail={<Sides person={it.card} />}
          actions={
            <>
              {await fill(see, personActions, { person: it.card.id })}
              {write && (
                <LinkButton href={`${pathOf(it.card)}/edit`} icon="edit" shortcut="e">
                  {t('profile.edit')}
                </LinkButton>
              )}
            </>
          }
        />
        {it.card.flagged && <Banner tone="warning">{t('profile.flaggedWhy')}</Banner>}
        <Beside label={t('profile.beside')} side={await fill(see, personPanel, { person: it.card.id })}>
          <Addresses it={it} write={write} />
          <About it={it} write={write} />
          {await fill(see, personCards, { person: it.card.id, kind: it.card.kind })}
          <Timeline see={see} it={it} />
        </Beside>
      </Page>
    ),
    live: [`person:${it.card.id}`],
  }
})

type Handle = Profile['handles'][number]

const Addresses = ({ it, write }: { it: Profile; write: boolean }) => {
  const [now, before] = [it.handles.filter(each => !each.until), it.handles.filter(each => each.until)]
  return (
    <Card
      title={t('profile.addresses')}
      icon="at"
      flush
      actions={
        write && (
          <Button opens="add-address" icon="add" size="small">
            {t('profile.addAddress')}
          </Button>
        )
      }
    >
      {now.length > 0 ? (
        <ItemList label={t('profile.addresses')}>
          {now.map(handle => (
            <HandleItem handle={handle} write={write} />
          ))}
        </ItemList>
      ) : (
        <EmptyState compact title={t('profile.noAddress')} why={t('profile.noAddressWhy')} icon="at" />
      )}
      {before.length > 0 && (
        <Folded label={t('profile.addressesBefore', { count: before.length })}>
          <ItemList>
            {before.map(handle => (
              <HandleItem handle={handle} write={write} />
            ))}
          </ItemList>
        </Folded>
      )}
      {write && <AddAddress person={it.card.id} />}
    </Card>
  )
}

const networkTitle = (name: string): string => t(networks().find(each => each.name === name)?.title ?? 'profile.otherNetwork')
const reasonOf = (because: string): string => t(`people.because.${reasons.find(each => each === because) ?? 'heard'}`)

const HandleItem = ({ handle, write }: { handle: Handle; write: boolean }) => (
  <Item
    title={
      <Row>
        <bdi>{handle.address}</bdi>
        {handle.verifiedAt && (
          <Badge tone="good" icon="check">
            {t('profile.verified')}
          </Badge>
        )}
      </Row>
    }
    detail={
      <>
        {networkTitle(handle.network)} · {reasonOf(handle.because)} {handle.linkedBy && t('profile.by', { name: handle.linkedBy.name })} ·{' '}
        {date(handle.linkedAt)}
        {handle.until && ` – ${date(handle.until)}`}
        {handle.claims && (
          <>
            {' · '}
            {t('profile.claims')} <bdi>{handle.claims}</bdi>
          </>
        )}
      </>
    }
    end={write && <HandleMenu handle={handle} />}
  />
)

const HandleMenu = ({ handle }: { handle: Handle }) => (
  <Menu id={`handle-${handle.id}`} label={t('profile.addressMenu', { address: handle.address })} icon="more" iconOnly align="end">
    {handle.until ? (
      <MenuItem icon="undo" action={`/people/handles/${handle.id}/relink`}>
        {t('profile.relink')}
      </MenuItem>
    ) : (
      <>
        {!handle.verifiedAt && (
          <MenuItem icon="check" action={`/people/handles/${handle.id}/verify`} hint={t('profile.verifyWhy')}>
            {t('profile.verify')}
          </MenuItem>
        )}
        <MenuItem
          icon="remove"
          action={`/people/handles/${handle.id}/unlink`}
          hint={t('profile.unlinkWhy')}
          disabled={handle.because === 'account'}
          danger
        >
          {t('profile.unlink')}
        </MenuItem>
      </>
    )}
  </Menu>
)

const AddAddress = ({ person }: { person: string }) => (
  <Dialog id="add-address" title={t('profile.addAddress')}>
    <Form action={`/people/${person}/handles`} label={t('profile.addAddress')}>
      <Select
        name="network"
        label={t('people.network')}
        choices={networks().map(each => ({ value: each.name, label: t(each.title) }))}
        value={signInNetwork().name}
      />
      <Input name="address" label={t('people.address')} maxlength={500} required autocomplete="off" />
      <Input name="reason" label={t('profile.reason')} hint={t('profile.reasonWhy')} maxlength={1000} optional />
      <FormActions>
        <Button look="strong">{t('profile.addAddress')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)

const About = ({ it, write }: { it: Profile; write: boolean }) => {
  const free = sideNames.filter(side => side !== 'colleague' && !it.card.sides.includes(side))
  return (
    <Card title={t('profile.about')} icon="person">
      <Stack>
        {it.about && <PlainText text={it.about} />}
        {it.company && <PersonChip name={it.company.name} href={pathOf(it.company)} organisation detail={t('people.company')} />}
        {(it.card.language || it.zone) && <Quiet>{[languageOf(it.card.language), zoneOf(it.zone)].filter(Boolean).join(' · ')}</Quiet>}
        <Heading level={3}>{t('profile.sides')}</Heading>
        {it.sides.length > 0 && (
          <ItemList label={t('profile.sides')}>
            {once(it.sides).map(side => (
              <SideItem person={it.card.id} side={side} write={write} />
            ))}
          </ItemList>
        )}
        {write && free.length > 0 && (
          <Menu id="add-side" label={t('profile.addSide')} icon="add" size="small">
            {free.map(side => (
              <MenuItem action={`/people/${it.card.id}/sides`} fields={{ side }}>
                {t(`sides.name.${side}`)}
              </MenuItem>
            ))}
          </Menu>
        )}
        <Quiet small>{t('profile.since', { date: date(it.createdAt), because: reasonOf(it.because) })}</Quiet>
      </Stack>
    </Card>
  )
}

const languageOf = (code: string | null) => {
  const known = languages.find(each => each === code)
  return known ? languageNames[known] : code
}

/** What time it is there, as one looks. */
const zoneOf = (zone: string | null) => zone && t('profile.zoneNow', { zone: zone.replaceAll('_', ' '), time: timeIn(zone) })
const timeIn = (zone: string) => new Intl.DateTimeFormat(locale(), { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(now())

/** Records that were merged may both say so: the first one tells it. */
const once = (sides: Profile['sides']): Profile['sides'] =>
  sides.filter((each, at) => each.until || !sides.slice(at + 1).some(other => !other.until && other.side === each.side))

const SideItem = ({ person, side, write }: { person: string; side: Profile['sides'][number]; write: boolean }) => (
  <Item
    title={t(`sides.name.${side.side}`)}
    detail={side.until ? `${date(side.since)} – ${date(side.until)}` : t('profile.sideSince', { date: date(side.since) })}
    end={
      write &&
      !side.until &&
      side.side !== 'colleague' && (
        <ActionForm action={`/people/${person}/sides/end`} fields={{ side: side.side }}>
          <IconButton icon="close" label={t('profile.endSide', { side: t(`sides.name.${side.side}`) })} size="small" />
        </ActionForm>
      )
    }
  />
)

/** What was said in a closed space is not told here; whoever is in it reads it there. */
async function Timeline({ see, it }: { see: See; it: Profile }) {
  const ids = await idsOf(see.ctx, it.card.id)
  const before = see.query.get('before') ?? undefined
  const happened = await involving(see.ctx, {
    ids,
    audiences: ['public', 'thread', 'staff'],
    before: isId(before) ? before : undefined,
    limit: 31,
  })
  const shown = happened.slice(0, 30)
  const cards = await cardsOf(see.ctx, [
    ...new Set(shown.flatMap(each => [each.actor, each.object, each.target].filter(id => id !== null))),
  ])
  return (
    <Card title={t('profile.happened')} icon="history">
      <Stack gap="small">
        {shown.map(each => (
          <EventLine icon={iconOf(each)} at={each.at}>
            <Sentence it={each} cards={cards} />
          </EventLine>
        ))}
      </Stack>
      {shown.length === 0 && <Quiet>{t('profile.nothingHappened')}</Quiet>}
      {happened.length > 30 && (
        <LinkButton href={`${pathOf(it.card)}?before=${shown.at(-1)!.id}`} size="small" iconEnd="chevronRight">
          {t('profile.older')}
        </LinkButton>
      )}
    </Card>
  )
}

/** What was said opens where it was said. */
const Sentence = ({ it, cards }: { it: Activity; cards: Map<string, PersonCard> }) => {
  const names = { actor: nameIn(cards, it.actor, t('profile.house')), object: nameIn(cards, it.object), target: nameIn(cards, it.target) }
  const sentence = sentenceOf(it, names)
  return it.thread ? <a href={`/threads/${it.thread}${it.object ? `#message-${it.object}` : ''}`}>{sentence}</a> : <>{sentence}</>
}

const isId = (text: string | undefined): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '')
const nameIn = (cards: Map<string, PersonCard>, id: string | null, otherwise = ''): string => (id && cards.get(id)?.name) || otherwise
const icons: Record<string, IconName> = { Person: 'add', Handle: 'link', Merge: 'merge', Message: 'chat' }
const iconOf = (it: Activity) =>
  it.verb === 'Update' ? 'edit' : it.verb === 'Add' && it.noun === 'Person' ? 'merge' : (icons[it.noun] ?? 'history')

export const beginSide = form('/people/:person/sides', profile.sideBegin, {
  done: (_see, { person }, { side }) => ({
    stay: true,
    say: 'profile.sideBegun',
    undo: { path: `/people/${person}/sides/end`, fields: { side } },
  }),
})

export const endSide = form('/people/:person/sides/end', profile.sideEnd, {
  done: (_see, { person, sides }) => ({
    stay: true,
    say: 'profile.sideEnded',
    undo: { path: `/people/${person}/sides/resume`, fields: { sides: sides.join(' ') } },
  }),
})

export const resumeSide = form('/people/:person/sides/resume', profile.sideResume, {
  read: (fields, params) => ({
    person: params.person!,
    sides: String(fields.get('sides') ?? '')
      .split(' ')
      .filter(Boolean),
  }),
  done: () => ({ stay: true, say: 'profile.sideBegun' }),
})
