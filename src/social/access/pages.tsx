import type { Context } from 'hono'
import { toString as qrPicture } from 'qrcode'
import type { z } from 'zod'
import { parse } from '#kernel/action.ts'
import { refuse } from '#kernel/errors.ts'
import { readForm } from '#kernel/form-data.ts'
import {
  ActionForm,
  Banner,
  Button,
  Card,
  Checkbox,
  CodeBlock,
  EmptyState,
  FieldSet,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  RelativeTime,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { addressOf, dropSession, type Env, originOf, safePath, sessionToken, setSession, showPublic } from '#kernel/http.tsx'
import { endSessions, openOrganisation, whoHas } from '#kernel/identity/sessions.ts'
import { canMail } from '#kernel/mail.ts'
import { languageNames, languages, t } from '#kernel/messages.ts'
import { form, page, raw, type Screen, type See } from '#kernel/page.tsx'
import { permissions } from '#kernel/permissions.ts'
import * as access from './actions.ts'
import { browserName } from './rules.ts'
import * as words from './words.ts'

const visitor = (c: Context<Env>): access.Visitor => ({ agent: c.req.header('user-agent') ?? '', address: addressOf(c) })

async function taken<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  return parse(schema, (await readForm(c.req.raw)).plain)
}

// —— set-up ——

const SetUp = ({ token }: { token: string }) => (
  <Form action="/set-up">
    <input type="hidden" name="token" value={token} />
    <Input name="organisation" label={t('access.organisation')} required autofocus autocomplete="organization" maxlength={200} />
    <Input name="name" label={t('access.name')} required autocomplete="name" maxlength={200} />
    <Input name="email" label={t('access.email')} type="email" required autocomplete="email" maxlength={254} />
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
    <Button look="strong" wide size="large">
      {t('access.begin')}
    </Button>
  </Form>
)

export const setUpPage = raw('GET', '/set-up', 'nobody', async c => {
  const token = c.req.query('token') ?? ''
  if (!(await access.mayIssue(token))) refuse('gone', 'access.setupGone')
  return showPublic(c, {
    title: t('access.setUp'),
    body: (
      <Entry lead={t('access.setUpWhy')}>
        <SetUp token={token} />
      </Entry>
    ),
  })
})

const Entry = ({ lead, children }: { lead?: string; children: unknown }) => (
  <Stack gap="medium">
    {lead && <p class="lead">{lead}</p>}
    {children as never}
  </Stack>
)

export const doSetUp = raw('POST', '/set-up', 'nobody', async c => {
  const input = await taken(c, words.setUp)
  setSession(c, await access.setUp(input, visitor(c), zoneOf(c)))
  return c.redirect('/', 303)
})

function zoneOf(c: Context): string {
  const zone = /(?:^|; )zone=([^;]+)/.exec(c.req.header('cookie') ?? '')?.[1]
  return zone ? decodeURIComponent(zone) : 'Europe/Berlin'
}

// —— sign-in ——

export const signInPage = raw('GET', '/sign-in', 'nobody', async c => {
  const who = c.get('who')
  if (who?.complete && who.org) return c.redirect(safePath(c.req.query('next')), 303)
  return showPublic(c, { title: t('access.signIn'), body: <SignIn next={safePath(c.req.query('next'))} /> })
})

const SignIn = ({ next }: { next: string }) => (
  <Entry>
    <Form action="/sign-in">
      <input type="hidden" name="next" value={next} />
      <Input name="email" label={t('access.email')} type="email" required autofocus autocomplete="username" maxlength={254} />
      <Input name="password" label={t('access.password')} type="password" required autocomplete="current-password" maxlength={200} />
      <Button look="strong" wide size="large">
        {t('access.signIn')}
      </Button>
    </Form>
    <a href="/forgot">{t('access.forgot')}</a>
  </Entry>
)

export const doSignIn = raw('POST', '/sign-in', 'nobody', async c => {
  const input = await taken(c, words.signIn)
  const { token, second } = await access.signIn(input, visitor(c))
  setSession(c, token)
  return c.redirect(second ? `/sign-in/second?next=${encodeURIComponent(safePath(input.next))}` : safePath(input.next), 303)
})

export const secondPage = raw('GET', '/sign-in/second', 'nobody', async c => {
  if (!c.get('who')) return c.redirect('/sign-in', 303)
  return showPublic(c, { title: t('access.second'), body: <Second next={safePath(c.req.query('next'))} /> })
})

const Second = ({ next }: { next: string }) => (
  <Entry lead={t('access.secondWhy')}>
    <Form action="/sign-in/second">
      <input type="hidden" name="next" value={next} />
      <Input
        name="code"
        label={t('access.code')}
        hint={t('access.codeHint')}
        required
        autofocus
        autocomplete="one-time-code"
        maxlength={40}
      />
      <Button look="strong" wide size="large">
        {t('access.goOn')}
      </Button>
    </Form>
  </Entry>
)

export const doSecond = raw('POST', '/sign-in/second', 'nobody', async c => {
  const who = c.get('who') ?? refuse('unauthenticated', 'kernel.signInFirst')
  const input = await taken(c, words.secondFactor)
  setSession(c, await access.passSecondFactor(who.account, who.session, input.code, visitor(c)))
  return c.redirect(safePath(input.next), 303)
})

/** Looking does not use the link up: programs that open links before people do must not sign anybody in. */
export const linkPage = raw('GET', '/sign-in/link', 'nobody', async c =>
  showPublic(c, {
    title: t('access.signIn'),
    body: (
      <Entry lead={t('access.linkWhy')}>
        <Form action="/sign-in/link">
          <input type="hidden" name="token" value={c.req.query('token') ?? ''} />
          <Button look="strong" wide size="large">
            {t('access.signIn')}
          </Button>
        </Form>
      </Entry>
    ),
  }),
)

export const doLink = raw('POST', '/sign-in/link', 'nobody', async c => {
  const { plain } = await readForm(c.req.raw)
  setSession(c, await access.signInByLink(String(plain.token ?? '').slice(0, 100), visitor(c)))
  return c.redirect('/', 303)
})

export const signOut = raw('POST', '/sign-out', 'nobody', async c => {
  const token = sessionToken(c)
  const who = token ? await whoHas(token) : null
  if (who) await endSessions(who.account, { only: who.session })
  dropSession(c)
  return c.redirect('/sign-in', 303)
})

// —— a lost password ——

export const forgotPage = raw('GET', '/forgot', 'nobody', async c =>
  showPublic(c, {
    title: t('access.forgot'),
    body: (
      <Entry lead={canMail() ? t('access.forgotWhy') : t('access.forgotNoMail')}>
        <Form action="/forgot">
          <Input name="email" label={t('access.email')} type="email" required autofocus autocomplete="username" maxlength={254} />
          <Button look="strong" wide size="large">
            {t('access.sendLink')}
          </Button>
        </Form>
        <a href="/sign-in">{t('access.back')}</a>
      </Entry>
    ),
  }),
)

export const doForgot = raw('POST', '/forgot', 'nobody', async c => {
  const { plain } = await readForm(c.req.raw)
  await access.askReset(parse(words.email, plain.email), visitor(c), originOf(c))
  return showPublic(c, {
    title: t('access.sent'),
    body: <EmptyState title={t('access.sent')} why={t('access.sentWhy')} icon="mail" compact />,
  })
})

export const resetPage = raw('GET', '/reset', 'nobody', async c => {
  const token = c.req.query('token') ?? ''
  if (!(await access.mayReset(token))) refuse('gone', 'access.linkGone')
  return showPublic(c, {
    title: t('access.newPassword'),
    body: (
      <Form action="/reset">
        <input type="hidden" name="token" value={token} />
        <Input
          name="password"
          label={t('access.newPassword')}
          hint={t('access.passwordHint')}
          type="password"
          required
          autofocus
          autocomplete="new-password"
          minlength={10}
          maxlength={200}
        />
        <Button look="strong" wide size="large">
          {t('access.save')}
        </Button>
      </Form>
    ),
  })
})

export const doReset = raw('POST', '/reset', 'nobody', async c => {
  const { plain } = await readForm(c.req.raw)
  const { token, second } = await access.reset(String(plain.token ?? ''), parse(words.newPassword, plain.password), visitor(c))
  setSession(c, token)
  return c.redirect(second ? '/sign-in/second' : '/', 303)
})

// —— several organisations ——

export const organisationsPage = raw('GET', '/organisations', 'nobody', async c => {
  const who = c.get('who')
  if (!who?.complete) return c.redirect('/sign-in', 303)
  const list = await access.organisationsOf(who.account)
  return showPublic(c, {
    title: t('access.organisations'),
    body:
      list.length === 0 ? (
        <EmptyState title={t('access.noOrganisation')} why={t('access.noOrganisationWhy')} icon="people" compact />
      ) : (
        <ItemList label={t('access.organisations')}>
          {list.map(each => (
            <Item
              title={each.name}
              detail={t(`kernel.role.${each.role}`)}
              end={
                <ActionForm action="/organisations" fields={{ organisation: each.org }}>
                  <Button look={each.org === who.org ? 'plain' : 'strong'}>{t('access.open')}</Button>
                </ActionForm>
              }
            />
          ))}
        </ItemList>
      ),
  })
})

export const doOrganisation = raw('POST', '/organisations', 'nobody', async c => {
  const who = c.get('who')
  if (!who?.complete) refuse('unauthenticated', 'kernel.signInFirst')
  const { plain } = await readForm(c.req.raw)
  if (!(await openOrganisation(who.session, who.account, String(plain.organisation ?? '00000000-0000-0000-0000-000000000000'))))
    refuse('notFound', 'kernel.notFound')
  return c.redirect('/', 303)
})

// —— one's own settings ——

export const profilePage = page('/settings/profile', { who: 'self.manage', section: 'settings' }, async see => {
  const mine = await access.profile(see.ctx, {})
  return {
    title: t('access.profile'),
    body: (
      <Page width="narrow">
        <PageHead title={t('access.profile')} detail={mine.email} />
        <Card>
          <Form action="/settings/profile">
            <Input name="name" label={t('access.name')} value={mine.name} required maxlength={200} autocomplete="name" />
            <Select
              name="language"
              label={t('access.language')}
              value={mine.language ?? see.ctx.language}
              choices={languages.map(value => ({ value, label: languageNames[value] }))}
            />
            <FormActions>
              <Button look="strong">{t('access.save')}</Button>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }
})

export const saveProfile = form('/settings/profile', access.changeProfile, {
  done: () => ({ go: '/settings/profile', say: 'access.saved' }),
})

export const securityPage = page('/settings/security', { who: 'self.manage', section: 'settings' }, async see => {
  const mine = await access.profile(see.ctx, {})
  const { items } = await access.sessions(see.ctx, {})
  return { title: t('access.security'), body: <Security mine={mine} sessions={items} here={await hereOf(see)} /> }
})

/** The session that looks, to be marked and kept. */
async function hereOf(see: See): Promise<string> {
  const token = /(?:^|; )(?:__Host-)?trefoil=([^;]+)/.exec(see.request.headers.get('cookie') ?? '')?.[1]
  return (token && (await whoHas(token))?.session) || ''
}

interface SecurityProps {
  mine: { secondFactorSince: Date | null; recoveryCodesLeft: number }
  sessions: { id: string; agent: string; address: string; seenAt: Date }[]
  here: string
}

const Security = ({ mine, sessions, here }: SecurityProps) => (
  <Page width="narrow">
    <PageHead title={t('access.security')} />
    <Stack gap="large">
      <Card title={t('access.password')}>
        <Form action="/settings/security/password">
          <input type="hidden" name="session" value={here} />
          <Input
            name="current"
            label={t('access.currentPassword')}
            type="password"
            required
            autocomplete="current-password"
            maxlength={200}
          />
          <Input
            name="password"
            label={t('access.newPassword')}
            hint={t('access.passwordHint')}
            type="password"
            required
            autocomplete="new-password"
            minlength={10}
            maxlength={200}
          />
          <FormActions>
            <Button>{t('access.changePassword')}</Button>
          </FormActions>
        </Form>
      </Card>
      <SecondFactor {...mine} />
      <Sessions sessions={sessions} here={here} />
    </Stack>
  </Page>
)

const SecondFactor = ({ secondFactorSince, recoveryCodesLeft }: SecurityProps['mine']) => (
  <Card title={t('access.second')} detail={secondFactorSince ? t('access.secondOn', { left: recoveryCodesLeft }) : t('access.secondOff')}>
    {secondFactorSince ? (
      <Form action="/settings/security/second/remove">
        <Input
          name="password"
          label={t('access.currentPassword')}
          type="password"
          required
          autocomplete="current-password"
          maxlength={200}
        />
        <FormActions>
          <Button look="danger">{t('access.secondRemove')}</Button>
        </FormActions>
      </Form>
    ) : (
      <LinkButton href="/settings/security/second" look="strong">
        {t('access.secondAdd')}
      </LinkButton>
    )}
  </Card>
)

const Sessions = ({ sessions, here }: Pick<SecurityProps, 'sessions' | 'here'>) => (
  <Card title={t('access.sessions')} detail={t('access.sessionsWhy')} flush>
    <ItemList label={t('access.sessions')}>
      {sessions.map(each => (
        <Item
          title={browserName(each.agent)}
          detail={
            <>
              {each.address} · <RelativeTime at={each.seenAt} />
            </>
          }
          end={
            each.id === here ? (
              <Quiet>{t('access.thisOne')}</Quiet>
            ) : (
              <ActionForm action="/settings/security/sessions" fields={{ only: each.id }}>
                <Button size="small">{t('access.end')}</Button>
              </ActionForm>
            )
          }
        />
      ))}
    </ItemList>
    {sessions.length > 1 && (
      <ActionForm action="/settings/security/sessions" fields={{ except: here }}>
        <Button>{t('access.endOthers')}</Button>
      </ActionForm>
    )}
  </Card>
)

export const savePassword = form('/settings/security/password', access.changePassword, {
  done: () => ({ go: '/settings/security', say: 'access.passwordChanged' }),
})
export const endSession = form('/settings/security/sessions', access.endSession, {
  done: () => ({ go: '/settings/security', say: 'access.ended' }),
})
export const removeSecond = form('/settings/security/second/remove', access.removeSecondFactor, {
  done: () => ({ go: '/settings/security', say: 'access.secondRemoved' }),
})

export const beginSecond = page('/settings/security/second', { who: 'self.manage', section: 'settings' }, async see => {
  const { secret, link } = await access.beginSecondFactor(see.ctx, {})
  const picture = `data:image/svg+xml;base64,${Buffer.from(await qrPicture(link, { type: 'svg', margin: 1 })).toString('base64')}`
  return {
    title: t('access.secondAdd'),
    body: (
      <Page width="narrow">
        <PageHead title={t('access.secondAdd')} detail={t('access.secondHow')} />
        <Card>
          <Stack>
            <img src={picture} alt={t('access.qr')} width="220" height="220" />
            <CodeBlock label={t('access.secret')} code={secret} />
            <Form action="/settings/security/second">
              <Input name="code" label={t('access.code')} inputmode="numeric" autocomplete="one-time-code" required maxlength={10} />
              <Button look="strong">{t('access.confirm')}</Button>
            </Form>
          </Stack>
        </Card>
      </Page>
    ),
  }
})

export const confirmSecond = form('/settings/security/second', access.confirmSecondFactor, {
  done: (_see, { recoveryCodes }) => ({
    show: once(t('access.recoveryCodes'), t('access.recoveryWhy'), recoveryCodes.join('\n'), '/settings/security'),
  }),
})

/** Something that is shown now and never again. */
const once = (title: string, why: string, code: string, back: string): Screen => ({
  title,
  frame: 'public',
  body: (
    <Stack>
      <Banner tone="warning" title={title}>
        {why}
      </Banner>
      <CodeBlock label={title} code={code} />
      <LinkButton href={back} look="strong">
        {t('access.keptIt')}
      </LinkButton>
    </Stack>
  ),
})

// —— personal keys ——

export const keysPage = page('/settings/keys', { who: 'keys.manage', section: 'settings' }, async see => {
  const { items } = await access.keys(see.ctx, {})
  return {
    title: t('access.keys'),
    body: (
      <Page width="narrow">
        <PageHead
          title={t('access.keys')}
          detail={t('access.keysWhy')}
          actions={<LinkButton href="/api/reference">{t('access.reference')}</LinkButton>}
        />
        <Stack gap="large">
          {items.length > 0 && (
            <Card flush>
              <ItemList label={t('access.keys')}>
                {items.map(each => (
                  <Item
                    title={each.name}
                    detail={
                      <>
                        {each.hint} · {each.scopes.length ? each.scopes.join(', ') : t('access.allScopes')}
                        {each.usedAt && (
                          <>
                            {' '}
                            · <RelativeTime at={each.usedAt} />
                          </>
                        )}
                      </>
                    }
                    end={
                      <ActionForm action="/settings/keys/revoke" fields={{ key: each.id }}>
                        <Button look="danger" size="small">
                          {t('access.revoke')}
                        </Button>
                      </ActionForm>
                    }
                  />
                ))}
              </ItemList>
            </Card>
          )}
          <NewKey role={see.ctx.actor.role} />
        </Stack>
      </Page>
    ),
  }
})

const NewKey = ({ role }: { role: string | null }) => (
  <Card title={t('access.keyNew')}>
    <Form action="/settings/keys">
      <Input name="name" label={t('access.keyName')} required maxlength={100} />
      <FieldSet title={t('access.scopes')} hint={t('access.scopesHint')}>
        {Object.entries(permissions())
          .filter(([, row]) => row.roles.includes(role as never))
          .map(([name, row]) => (
            <Checkbox name="scopes[]" value={name} id={`scope-${name}`} label={name} hint={row.says} />
          ))}
      </FieldSet>
      <FormActions>
        <Button look="strong">{t('access.keyMake')}</Button>
      </FormActions>
    </Form>
  </Card>
)

export const makeKey = form('/settings/keys', access.makeKey, {
  done: (_see, { key }) => ({ show: once(t('access.keyShown'), t('access.keyOnce'), key, '/settings/keys') }),
})
export const revokeKey = form('/settings/keys/revoke', access.revokeKey, { done: () => ({ go: '/settings/keys', say: 'access.revoked' }) })

export const removeDemo = form('/demo/remove', access.removeDemo, { done: () => ({ go: '/sign-in', say: 'access.demoRemoved' }) })
