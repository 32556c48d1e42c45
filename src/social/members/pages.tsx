import type { Context } from 'hono'
import { parse } from '#kernel/action.ts'
import { roleNames } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { readForm } from '#kernel/form-data.ts'
import {
  ActionForm,
  Avatar,
  Badge,
  Breadcrumb,
  Button,
  Card,
  CodeBlock,
  EmptyState,
  FirstStep,
  Form,
  FormActions,
  Grid,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  Quiet,
  Row,
  SearchBox,
  Select,
  Stack,
  Table,
} from '#kernel/html/kit.tsx'
import { addressOf, type Env, originOf, setSession, showPublic } from '#kernel/http.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { fill, form, offer, page, raw, type Screen } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { firstSteps } from '#kernel/words.ts'
import * as members from './actions.ts'
import type { Member } from './store.ts'
import { settingsCards } from './words.ts'

/** The organisation itself, and who did what in it. */
export { auditPage, organisationPage, saveOrganisation } from './pages-organisation.tsx'

const roleChoices = () => roleNames.map(value => ({ value, label: t(`kernel.role.${value}`) }))

// —— settings: where everything is found ——

export const settingsPage = page(
  '/settings',
  { who: 'self.manage', place: { section: 'settings', title: 'members.settings', icon: 'settings', order: 90, shortcut: 'g ,' } },
  async see => ({
    title: t('members.settings'),
    body: (
      <Page>
        <PageHead title={t('members.settings')} />
        <Grid columns="medium">
          <Card title={t('access.profile')} detail={t('members.profileWhy')} icon="person" href="/settings/profile" />
          <Card title={t('access.security')} detail={t('members.securityWhy')} icon="lock" href="/settings/security" />
          {may(see.ctx.actor, 'keys.manage') && (
            <Card title={t('access.keys')} detail={t('access.keysWhy')} icon="key" href="/settings/keys" />
          )}
          {await fill(see, settingsCards, {})}
        </Grid>
      </Page>
    ),
  }),
)

// —— members ——

export const membersPage = page(
  '/settings/members',
  {
    who: 'members.manage',
    section: 'settings',
    finds: () => [{ title: t('members.members'), icon: 'people', words: t('members.invite') }],
  },
  async see => {
    const q = see.query.get('q') ?? undefined
    const { items, next } = await members.list(see.ctx, { q, after: see.query.get('after') ?? undefined, limit: 50 })
    const { items: open } = await members.invitations(see.ctx, {})
    return {
      title: t('members.members'),
      body: (
        <Page>
          <PageHead
            title={t('members.members')}
            detail={t('members.membersWhy')}
            above={<Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }]} />}
          />
          <Stack gap="large">
            <InviteCard />
            {open.length > 0 && <OpenInvitations open={open} />}
            <SearchBox action="/settings/members" label={t('members.find')} value={q} />
            {items.length === 0 ? (
              <EmptyState title={t('members.nobody')} icon="people" compact />
            ) : (
              <MemberTable items={items} self={see.ctx.actor.account} />
            )}
            <Pager older={next ? `/settings/members?${new URLSearchParams({ ...(q && { q }), after: next })}` : undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)

const InviteCard = () => (
  <Card title={t('members.invite')} detail={t('members.inviteWhy')}>
    <Form action="/settings/members/invite">
      <Grid columns="narrow">
        <Input name="email" label={t('access.email')} type="email" required maxlength={254} autocomplete="off" />
        <Select name="role" label={t('members.role')} value="agent" choices={roleChoices()} />
      </Grid>
      <FormActions>
        <Button look="strong" icon="add">
          {t('members.inviteDo')}
        </Button>
      </FormActions>
    </Form>
  </Card>
)

const OpenInvitations = ({ open }: { open: { hash: string; email: string; role: string; expiresAt: Date }[] }) => (
  <Card title={t('members.openInvitations')} flush>
    <ItemList label={t('members.openInvitations')}>
      {open.map(each => (
        <Item
          title={each.email}
          detail={`${t(`kernel.role.${each.role}`)} · ${t('members.until', { date: dateTime(each.expiresAt) })}`}
          end={
            <ActionForm action="/settings/members/withdraw" fields={{ hash: each.hash }}>
              <Button size="small">{t('members.withdraw')}</Button>
            </ActionForm>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const MemberTable = ({ items, self }: { items: Member[]; self: string | null }) => (
  <Table
    caption={t('members.members')}
    captionHidden
    stacks
    rows={items}
    columns={[
      {
        head: t('members.name'),
        heading: true,
        cell: row => (
          <Row>
            <Avatar name={row.name} size="small" side="inside" />
            <span>
              {row.name}
              <br />
              <Quiet small>{row.email}</Quiet>
            </span>
          </Row>
        ),
      },
      { head: t('members.role'), cell: row => <RoleChoice row={row} self={self} /> },
      {
        head: t('members.state'),
        cell: row => (
          <Row>
            {row.suspendedAt ? <Badge tone="bad">{t('members.suspended')}</Badge> : <Badge tone="good">{t('members.active')}</Badge>}
            {row.secondFactor && <Badge icon="lock">{t('members.secondFactor')}</Badge>}
          </Row>
        ),
      },
      { head: t('members.do'), cell: row => (row.account === self ? <Quiet>{t('members.you')}</Quiet> : <Deeds row={row} />) },
    ]}
  />
)

const RoleChoice = ({ row, self }: { row: Member; self: string | null }) =>
  row.account === self ? (
    t(`kernel.role.${row.role}`)
  ) : (
    <ActionForm action="/settings/members/role" fields={{ account: row.account }}>
      <Select
        id={`role-${row.account}`}
        name="role"
        label={t('members.roleOf', { name: row.name })}
        labelHidden
        value={row.role}
        choices={roleChoices()}
        sends
      />
    </ActionForm>
  )

const Deeds = ({ row }: { row: Member }) => (
  <Row>
    <ActionForm action={row.suspendedAt ? '/settings/members/reinstate' : '/settings/members/suspend'} fields={{ account: row.account }}>
      <Button size="small">{row.suspendedAt ? t('members.reinstate') : t('members.suspend')}</Button>
    </ActionForm>
    <ActionForm action="/settings/members/reset" fields={{ account: row.account }}>
      <Button size="small">{t('members.resetLink')}</Button>
    </ActionForm>
  </Row>
)

export const doInvite = raw('POST', '/settings/members/invite', 'members.manage', async (c, see) => {
  const { plain } = await readForm(c.req.raw)
  const origin = originOf(c)
  const { path } = await members.invite(see!.ctx, { ...(plain as { email: string; role: 'agent' }), origin })
  return showOnce(c, t('members.invited'), t('members.handOver'), origin + path)
})

export const doReset = raw('POST', '/settings/members/reset', 'members.manage', async (c, see) => {
  const { plain } = await readForm(c.req.raw)
  const { path } = await members.resetLinkOf(see!.ctx, plain as { account: string })
  return showOnce(c, t('members.resetLink'), t('members.handOver'), originOf(c) + path)
})

const showOnce = (c: Context<Env>, title: string, why: string, link: string) =>
  showPublic(c, {
    title,
    body: (
      <Stack>
        <p>{why}</p>
        <CodeBlock label={title} code={link} />
        <LinkButton href="/settings/members" look="strong">
          {t('members.back')}
        </LinkButton>
      </Stack>
    ),
  })

const stay = (say: string) => () => ({ go: '/settings/members', say })
export const doWithdraw = form('/settings/members/withdraw', members.withdraw, { done: stay('members.withdrawn') })
export const doSuspend = form('/settings/members/suspend', members.suspend, {
  done: (_see, _out, { account }) => ({
    go: '/settings/members',
    say: 'members.isSuspended',
    undo: { path: '/settings/members/reinstate', fields: { account } },
  }),
})
export const doReinstate = form('/settings/members/reinstate', members.reinstate, { done: stay('members.isReinstated') })
export const doRole = form('/settings/members/role', members.changeRole, {
  done: (_see, { was }, { account }) => ({
    go: '/settings/members',
    say: 'members.roleChanged',
    undo: { path: '/settings/members/role', fields: { account, role: was } },
  }),
})

// —— invitation ——

export const invitationPage = raw('GET', '/invitation', 'nobody', async c => {
  const token = c.req.query('token') ?? ''
  const open = await members.invitationIs(token)
  if (!open) refuse('gone', 'access.linkGone')
  return showPublic(c, invitationScreen(token, open, c.get('who')?.email === open.email))
})

function invitationScreen(token: string, open: { email: string; known: boolean; organisation: string }, signedIn: boolean): Screen {
  const title = t('members.joinTitle', { organisation: open.organisation })
  if (open.known && !signedIn)
    return {
      title,
      body: (
        <EmptyState
          title={t('members.signInAs', { email: open.email })}
          icon="lock"
          action={{ label: t('access.signIn'), href: `/sign-in?next=${encodeURIComponent(`/invitation?token=${token}`)}` }}
          compact
        />
      ),
    }
  return {
    title,
    body: (
      <Form action="/invitation">
        <input type="hidden" name="token" value={token} />
        {!open.known && (
          <>
            <p>{open.email}</p>
            <Input name="name" label={t('access.name')} required autofocus autocomplete="name" maxlength={200} />
            <Input
              name="password"
              label={t('access.password')}
              hint={t('access.passwordHint')}
              type="password"
              required
              autocomplete="new-password"
              minlength={10}
              maxlength={200}
            />
          </>
        )}
        <Button look="strong" wide size="large">
          {t('members.join')}
        </Button>
      </Form>
    ),
  }
}

export const doAccept = raw('POST', '/invitation', 'nobody', async c => {
  const input = parse(members.accepting, (await readForm(c.req.raw)).plain)
  const who = c.get('who')
  setSession(c, await members.accept(input, who?.complete ? who : null, { agent: c.req.header('user-agent') ?? '', address: addressOf(c) }))
  return c.redirect('/', 303)
})

// —— in the settings and among the first steps ——

export const membersCard = offer(
  settingsCards,
  async () => <Card title={t('members.members')} detail={t('members.membersWhy')} icon="people" href="/settings/members" />,
  {
    order: 20,
    who: 'members.manage',
  },
)
export const organisationCard = offer(
  settingsCards,
  async () => <Card title={t('access.organisation')} detail={t('members.organisationWhy')} icon="building" href="/settings/organisation" />,
  { order: 21, who: 'organisation.manage' },
)
export const auditCard = offer(
  settingsCards,
  async () => <Card title={t('members.audit')} detail={t('members.auditWhy')} icon="list" href="/settings/audit" />,
  {
    order: 80,
    who: 'organisation.manage',
  },
)

export const inviteFirst = offer(
  firstSteps,
  async (see, { tell }) => {
    const { items } = await members.list(see.ctx, { limit: 2 })
    const done = items.length > 1
    tell(done)
    return <FirstStep done={done} title={t('members.firstInvite')} why={t('members.firstInviteWhy')} href="/settings/members" />
  },
  { order: 20, who: 'members.manage' },
)
