import type { Context } from 'hono'
import type { z } from 'zod'
import { parse } from '#kernel/action.ts'
import { refuse } from '#kernel/errors.ts'
import { readForm } from '#kernel/form-data.ts'
import { ActionForm, Button, CodeBlock, EmptyState, Form, Icon, Input, Item, ItemList, Stack } from '#kernel/html/kit.tsx'
import { addressOf, dropSession, type Env, originOf, safePath, sessionToken, setSession, showPublic } from '#kernel/http.tsx'
import { endSessions, openOrganisation, whoHas } from '#kernel/identity/sessions.ts'
import { canMail } from '#kernel/mail.ts'
import { t } from '#kernel/messages.ts'
import { form, offer, raw, type Screen } from '#kernel/page.tsx'
import { firstSteps } from '#kernel/words.ts'
import * as access from './actions.ts'
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

export const forgotPage = raw('GET', '/forgot', 'nobody', async c => showPublic(c, canMail() ? askForLink() : noMail()))

function askForLink(): Screen {
  return {
    title: t('access.forgot'),
    body: (
      <Entry lead={t('access.forgotWhy')}>
        <Form action="/forgot">
          <Input name="email" label={t('access.email')} type="email" required autofocus autocomplete="username" maxlength={254} />
          <Button look="strong" wide size="large">
            {t('access.sendLink')}
          </Button>
        </Form>
        <a href="/sign-in">{t('access.back')}</a>
      </Entry>
    ),
  }
}

function noMail(): Screen {
  return {
    title: t('access.forgot'),
    body: (
      <Entry lead={t('access.forgotNoMail')}>
        <CodeBlock label={t('access.forgotCommand')} code="npx trefoil user reset name@example.com" />
        <a href="/sign-in">{t('access.back')}</a>
      </Entry>
    ),
  }
}

export const doForgot = raw('POST', '/forgot', 'nobody', async c => {
  if (!canMail()) return showPublic(c, noMail())
  const { plain } = await readForm(c.req.raw)
  await access.askReset(parse(words.email, plain.email), visitor(c), originOf(c))
  return showPublic(c, {
    title: t('access.sent'),
    body: (
      <Entry lead={t('access.sentWhy')}>
        <a href="/sign-in">{t('access.back')}</a>
      </Entry>
    ),
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
  const addable = list.some(each => each.role === 'owner' && !each.demo) && (await access.canAddDemo())
  return showPublic(c, {
    title: t('access.organisations'),
    body:
      list.length === 0 ? (
        <EmptyState title={t('access.noOrganisation')} why={t('access.noOrganisationWhy')} icon="people" compact />
      ) : (
        <Stack gap="large">
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
          {list.some(each => each.role === 'owner' && !each.demo) && (
            <Form action="/organisations/new">
              <Input name="organisation" label={t('access.another')} required maxlength={200} autocomplete="off" />
              <Button>{t('access.another')}</Button>
            </Form>
          )}
          {addable && <AddDemo />}
        </Stack>
      ),
  })
})

/** Owners of one organisation may found another on the same server. */
export const newOrganisation = raw('POST', '/organisations/new', 'nobody', async c => {
  const who = c.get('who')
  if (!who?.complete) refuse('unauthenticated', 'kernel.signInFirst')
  const { organisation } = await taken(c, words.anotherOrganisation)
  const org = await access.foundAnother(who, organisation, zoneOf(c))
  await openOrganisation(who.session, who.account, org)
  return c.redirect('/', 303)
})

export const doOrganisation = raw('POST', '/organisations', 'nobody', async c => {
  const who = c.get('who')
  if (!who?.complete) refuse('unauthenticated', 'kernel.signInFirst')
  const { plain } = await readForm(c.req.raw)
  if (!(await openOrganisation(who.session, who.account, String(plain.organisation ?? '00000000-0000-0000-0000-000000000000'))))
    refuse('notFound', 'kernel.notFound')
  return c.redirect('/', 303)
})

export const removeDemo = form('/demo/remove', access.removeDemo, { done: () => ({ go: '/sign-in', say: 'access.demoRemoved' }) })

// —— the demonstration beside one's own organisation ——

export const addDemo = raw('POST', '/demo/add', 'nobody', async c => {
  const who = c.get('who')
  if (!who?.complete) refuse('unauthenticated', 'kernel.signInFirst')
  await openOrganisation(who.session, who.account, await access.addDemo(who))
  return c.redirect('/home', 303)
})

const AddDemo = () => (
  <ActionForm action="/demo/add">
    <Button size="small">{t('access.demoAdd')}</Button>
  </ActionForm>
)

export const lookAround = offer(
  firstSteps,
  async () =>
    (await access.canAddDemo()) ? (
      <Item face={<Icon name="eye" />} title={t('access.demoLook')} detail={t('access.demoLookWhy')} end={<AddDemo />} />
    ) : null,
  { order: 90, who: 'organisation.remove' },
)
