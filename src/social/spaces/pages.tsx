/** Spaces: their list, one of them, its members. */
// biome-ignore format: one list
import { ActionButton, Avatar, Banner, Beside, Breadcrumb, Card, EmptyState, FormCard, Grid, Heading, IconButton, Input, Item, ItemList, LinkButton, Menu, MenuItem, Page, PageHead, Panel, PersonChip, PlainText, RadioGroup, SearchBox, Stack, TextArea } from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offered, page, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { quick } from '#social/directory/actions.ts'
import * as spaces from './actions.ts'
import { Audience, audienceIcons, pathOf } from './pages-elsewhere.tsx'
import { type Space, spaceAudiences, spaceSheet } from './words.ts'

export { spacesCard, spacesPanel } from './pages-elsewhere.tsx'

export const list = page(
  '/spaces',
  { who: 'spaces.read', place: { section: 'spaces', title: 'spaces.spaces', icon: 'grid', order: 30, shortcut: 'g c' } },
  async see => {
    const archived = see.query.get('archived') === '1'
    const { items } = await spaces.list(see.ctx, { archived })
    const [mine, others] = [items.filter(each => each.role), items.filter(each => !each.role)]
    return {
      title: t('spaces.spaces'),
      body: (
        <Page>
          <PageHead
            title={archived ? t('spaces.archivedSpaces') : t('spaces.spaces')}
            detail={t('spaces.spacesWhy')}
            actions={<ListActions see={see} archived={archived} />}
          />
          {items.length === 0 && <NoSpaces see={see} archived={archived} />}
          <Shelf title={t('spaces.mine')} list={mine} />
          <Shelf title={t('spaces.others')} list={others} />
        </Page>
      ),
      live: ['spaces'],
    }
  },
)

const ListActions = ({ see, archived }: { see: See; archived: boolean }) => (
  <>
    <LinkButton href={archived ? '/spaces' : '/spaces?archived=1'} icon="archive" look="bare">
      {archived ? t('spaces.openSpaces') : t('spaces.archivedSpaces')}
    </LinkButton>
    {may(see.ctx.actor, 'spaces.manage') && (
      <LinkButton href="/spaces/new" look="strong" icon="add" shortcut="c">
        {t('spaces.make')}
      </LinkButton>
    )}
  </>
)

const NoSpaces = ({ see, archived }: { see: See; archived: boolean }) => (
  <EmptyState
    title={archived ? t('spaces.noneArchived') : t('spaces.empty')}
    why={archived ? undefined : t('spaces.emptyWhy')}
    icon="grid"
    action={!archived && may(see.ctx.actor, 'spaces.manage') ? { label: t('spaces.make'), href: '/spaces/new', icon: 'add' } : undefined}
  />
)

const Shelf = ({ title, list }: { title: string; list: Space[] }) =>
  list.length > 0 && (
    <Stack gap="small">
      <Heading>{title}</Heading>
      <Grid columns="medium">
        {list.map(space => (
          <Card title={<bdi>{space.name}</bdi>} icon={audienceIcons[space.audience]} href={pathOf(space)} foot={<Audience space={space} />}>
            {space.about.slice(0, 200)}
          </Card>
        ))}
      </Grid>
    </Stack>
  )

const crumbs = (label: string, space?: Space) => (
  <Breadcrumb
    crumbs={[{ label: t('spaces.spaces'), href: '/spaces' }, ...(space ? [{ label: space.name, href: pathOf(space) }] : []), { label }]}
  />
)

const SpaceFields = ({ space }: { space?: Space }) => (
  <>
    <Input name="name" label={t('spaces.name')} value={space?.name} maxlength={200} required autofocus />
    <TextArea name="about" label={t('spaces.about')} hint={t('spaces.aboutWhy')} value={space?.about} maxlength={5000} rows={3} optional />
    <RadioGroup
      name="audience"
      label={t('spaces.whoReads')}
      look="cards"
      value={space?.audience ?? 'staff'}
      choices={spaceAudiences.map(value => ({
        value,
        label: t(`spaces.audience.${value}`),
        hint: t(`spaces.audienceWhy.${value}`),
        icon: audienceIcons[value],
      }))}
    />
  </>
)

const FormPage = ({
  title,
  action,
  back,
  submit,
  space,
}: {
  title: string
  action: string
  back: string
  submit: string
  space?: Space
}) => (
  <Page width="reading">
    <PageHead above={crumbs(title, space)} title={title} />
    <FormCard action={action} label={title} does={submit} leave={{ label: t('spaces.cancel'), href: back }}>
      <SpaceFields space={space} />
    </FormCard>
  </Page>
)

export const newSpace = page(
  '/spaces/new',
  { who: 'spaces.manage', section: 'spaces', finds: () => [{ title: t('spaces.make'), icon: 'add' }] },
  async () => ({
    title: t('spaces.make'),
    body: <FormPage title={t('spaces.make')} action="/spaces" back="/spaces" submit={t('spaces.make')} />,
  }),
)

export const makeSpace = form('/spaces', spaces.make, { done: (_see, space) => ({ go: pathOf(space), say: 'spaces.made' }) })

const leads = (see: See, space: Space) => !space.archivedAt && (space.role === 'keeper' || may(see.ctx.actor, 'spaces.manage'))

/** Its own address never stands in the way of `new`. */
const at = '/spaces/:slug{(?!new$)[^/]+}'

export const space = page(at, { who: 'spaces.read', section: 'spaces' }, async see => {
  const space = await spaces.show(see.ctx, { slug: see.params.slug! })
  const sheets = await offered(see, spaceSheet, { space })
  return {
    title: space.name,
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('spaces.spaces'), href: '/spaces' }, { label: space.name }]} />}
          icon={audienceIcons[space.audience]}
          title={<bdi>{space.name}</bdi>}
          detail={<Audience space={space} />}
          actions={<SpaceActions see={see} space={space} />}
        />
        {space.archivedAt && <Banner icon="archive">{t('spaces.archivedWhy')}</Banner>}
        <Beside label={t('spaces.beside')} side={<Members see={see} space={space} />}>
          {space.about && (
            <Card>
              <PlainText text={space.about} />
            </Card>
          )}
          {sheets.length ? sheets : <EmptyState compact title={t('spaces.quiet')} why={t('spaces.quietWhy')} icon="chat" />}
        </Beside>
      </Page>
    ),
    live: [`space:${space.id}`],
  }
})

const SpaceActions = ({ see, space }: { see: See; space: Space }) => (
  <>
    {!space.archivedAt && !space.role && (space.audience !== 'members' || may(see.ctx.actor, 'spaces.manage')) && (
      <ActionButton action={`/spaces/${space.id}/join`} look="strong" icon="add">
        {t('spaces.join')}
      </ActionButton>
    )}
    {leads(see, space) && (
      <LinkButton href={`${pathOf(space)}/edit`} icon="edit" shortcut="e">
        {t('spaces.edit')}
      </LinkButton>
    )}
    <SpaceMenu see={see} space={space} />
  </>
)

const SpaceMenu = ({ see, space }: { see: See; space: Space }) => {
  const manages = space.role === 'keeper' || may(see.ctx.actor, 'spaces.manage')
  if (!space.role && !manages) return null
  return (
    <Menu id="space-more" label={t('spaces.more')} icon="more" iconOnly align="end">
      {space.role && (
        <MenuItem icon="signOut" action={`/spaces/${space.id}/leave`}>
          {t('spaces.leave')}
        </MenuItem>
      )}
      {manages && (
        <MenuItem
          icon="archive"
          action={`/spaces/${space.id}/${space.archivedAt ? 'reopen' : 'archive'}`}
          hint={space.archivedAt ? undefined : t('spaces.archiveWhy')}
        >
          {space.archivedAt ? t('spaces.reopen') : t('spaces.archive')}
        </MenuItem>
      )}
    </Menu>
  )
}

async function Members({ see, space }: { see: See; space: Space }) {
  const { items } = await spaces.members(see.ctx, { space: space.id, limit: 20 })
  const linked = may(see.ctx.actor, 'people.read')
  return (
    <Panel
      title={t('spaces.members')}
      actions={<IconButton href={`${pathOf(space)}/members`} icon="people" label={t('spaces.allMembers')} size="small" />}
    >
      <Stack gap="small">
        {items.map(({ person, role }) => (
          <PersonChip
            name={person.name}
            side={person.side}
            href={linked ? `/people/${person.stands}` : undefined}
            detail={role === 'keeper' ? t('spaces.keeper') : undefined}
          />
        ))}
      </Stack>
    </Panel>
  )
}

// —— members ——

export const membersPage = page(`${at}/members`, { who: 'spaces.read', section: 'spaces' }, async see => {
  const space = await spaces.show(see.ctx, { slug: see.params.slug! })
  const after = see.query.get('after') ?? undefined
  const { items, next } = await spaces.members(see.ctx, { space: space.id, after, limit: 50 })
  const lead = leads(see, space)
  return {
    title: t('spaces.members'),
    body: (
      <Page width="reading">
        <PageHead above={crumbs(t('spaces.members'), space)} title={t('spaces.members')} />
        {lead && <AddMember see={see} space={space} />}
        <Card flush>
          <ItemList label={t('spaces.members')}>
            {items.map(it => (
              <MemberItem space={space} it={it} lead={lead} />
            ))}
          </ItemList>
        </Card>
        {next && (
          <LinkButton href={`${pathOf(space)}/members?after=${next}`} iconEnd="chevronRight" size="small">
            {t('kernel.kitNext')}
          </LinkButton>
        )}
      </Page>
    ),
    live: [`space:${space.id}`],
  }
})

type Member = Awaited<ReturnType<typeof spaces.members>>['items'][number]
const MemberItem = ({ space, it, lead }: { space: Space; it: Member; lead: boolean }) => (
  <Item
    face={<Avatar name={it.person.name} side={it.person.side} />}
    title={<bdi>{it.person.name}</bdi>}
    detail={it.role === 'keeper' ? t('spaces.keeper') : t('spaces.since', { date: date(it.since) })}
    end={
      lead && (
        <Menu id={`member-${it.person.id}`} label={t('spaces.memberMenu', { name: it.person.name })} icon="more" iconOnly align="end">
          <MenuItem
            icon="star"
            action={`/spaces/${space.id}/members/role`}
            fields={{ person: it.person.id, role: it.role === 'keeper' ? 'member' : 'keeper' }}
          >
            {it.role === 'keeper' ? t('spaces.makeMember') : t('spaces.makeKeeper')}
          </MenuItem>
          <MenuItem icon="remove" action={`/spaces/${space.id}/members/remove`} fields={{ person: it.person.id }} danger>
            {t('spaces.takeOut')}
          </MenuItem>
        </Menu>
      )
    }
  />
)

/** Found by name or address; whoever may see people finds everyone, others their colleagues. */
async function AddMember({ see, space }: { see: See; space: Space }) {
  const q = see.query.get('q')?.slice(0, 100) ?? ''
  const among = may(see.ctx.actor, 'people.read') ? 'everyone' : 'colleagues'
  const found = q ? (await quick(see.ctx, { q, among, limit: 10 })).items : []
  return (
    <Card title={t('spaces.addMember')} icon="add">
      <SearchBox action={`${pathOf(space)}/members`} label={t('spaces.findPerson')} value={q} />
      <ItemList label={t('spaces.addMember')}>
        {found.map(person => (
          <Item
            face={<Avatar name={person.name} side={person.side} />}
            title={<bdi>{person.name}</bdi>}
            detail={person.address && <bdi>{person.address}</bdi>}
            end={
              <ActionButton action={`/spaces/${space.id}/members/add`} fields={{ person: person.id }} size="small" icon="add">
                {t('spaces.add')}
              </ActionButton>
            }
          />
        ))}
      </ItemList>
    </Card>
  )
}

const memberForm = (verb: string, action: typeof spaces.memberAdd, say: string, back: string) =>
  form(`/spaces/:space/members/${verb}`, action, {
    done: (_see, { space, person }) => ({ stay: true, say, undo: { path: `/spaces/${space}/members/${back}`, fields: { person } } }),
  })

export const addMember = memberForm('add', spaces.memberAdd, 'spaces.memberAdded', 'remove')
export const takeOutMember = memberForm('remove', spaces.memberRemove, 'spaces.memberTakenOut', 'add')

export const changeMember = form('/spaces/:space/members/role', spaces.memberRole, {
  done: (_see, { space, person }, { role }) => ({
    stay: true,
    say: 'spaces.saved',
    undo: { path: `/spaces/${space}/members/role`, fields: { person, role: role === 'keeper' ? 'member' : 'keeper' } },
  }),
})

export const editSpace = page(`${at}/edit`, { who: 'spaces.read', section: 'spaces' }, async see => {
  const space = await spaces.show(see.ctx, { slug: see.params.slug! })
  const there = { action: `/spaces/${space.id}/edit`, back: pathOf(space), submit: t('spaces.save') }
  return { title: t('spaces.edit'), body: <FormPage title={t('spaces.edit')} {...there} space={space} /> }
})

export const saveSpace = form('/spaces/:space/edit', spaces.edit, {
  read: (fields, params) => ({
    space: params.space!,
    name: typed(fields, 'name'),
    about: typed(fields, 'about'),
    audience: typed(fields, 'audience') as Space['audience'],
  }),
  done: (_see, { slug, space, before }) => ({
    go: pathOf({ slug }),
    say: 'spaces.saved',
    undo: { path: `/spaces/${space}/edit`, fields: before },
  }),
})

const spaceForm = (verb: string, action: typeof spaces.join, say: string, back: string | null, go: 'there' | 'list' = 'there') =>
  form(`/spaces/:space/${verb}`, action, {
    done: (_see, { space, slug }) => ({
      go: go === 'list' ? '/spaces' : pathOf({ slug }),
      say,
      ...(back && { undo: { path: `/spaces/${space}/${back}` } }),
    }),
  })

export const joinSpace = spaceForm('join', spaces.join, 'spaces.joined', 'leave')
export const leaveSpace = spaceForm('leave', spaces.leave, 'spaces.left', null, 'list')
export const archiveSpace = spaceForm('archive', spaces.archive, 'spaces.archivedNow', 'reopen')
export const reopenSpace = spaceForm('reopen', spaces.reopen, 'spaces.reopened', 'archive')
