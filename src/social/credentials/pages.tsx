import {
  ActionForm,
  Banner,
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  CodeBlock,
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
import { whoHas } from '#kernel/identity/sessions.ts'
import { languageNames, languages, t } from '#kernel/messages.ts'
import { fill, form, type Html, page, type Screen, type See } from '#kernel/page.tsx'
import { permissions } from '#kernel/permissions.ts'
import * as credentials from './actions.ts'
import { browserName } from './rules.ts'
import { keySample } from './words.ts'

const SettingsCrumb = ({ more = [] }: { more?: { label: string; href: string }[] }) => (
  <Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }, ...more]} />
)

export const profilePage = page(
  '/settings/profile',
  { who: 'self.manage', section: 'settings', finds: () => [{ title: t('access.profile'), icon: 'person' }] },
  async see => {
    const mine = await credentials.profile(see.ctx, {})
    return {
      title: t('access.profile'),
      body: (
        <Page width="narrow">
          <PageHead title={t('access.profile')} detail={mine.email} above={<SettingsCrumb />} />
          <Card>
            <Form action="/settings/profile">
              <Input name="name" label={t('access.name')} value={mine.name} required maxlength={200} autocomplete="name" />
              <Select
                name="language"
                label={t('access.language')}
                value={mine.language ?? see.ctx.language}
                choices={languages.map(value => ({ value, label: languageNames[value] }))}
              />
              <Select
                name="shortcuts"
                label={t('access.shortcuts')}
                hint={t('access.shortcutsHint')}
                value={mine.shortcuts ? 'on' : 'off'}
                choices={(['on', 'off'] as const).map(value => ({ value, label: t(`access.shortcuts.${value}`) }))}
              />
              <FormActions>
                <Button look="strong">{t('access.save')}</Button>
              </FormActions>
            </Form>
          </Card>
        </Page>
      ),
    }
  },
)

export const saveProfile = form('/settings/profile', credentials.changeProfile, {
  done: () => ({ go: '/settings/profile', say: 'access.saved' }),
})

export const securityPage = page(
  '/settings/security',
  {
    who: 'self.manage',
    section: 'settings',
    finds: () => [{ title: t('access.security'), icon: 'lock', words: `${t('access.newPassword')} ${t('access.second')}` }],
  },
  async see => {
    const mine = await credentials.profile(see.ctx, {})
    const { items } = await credentials.sessions(see.ctx, {})
    return { title: t('access.security'), body: <Security mine={mine} sessions={items} here={await hereOf(see)} /> }
  },
)

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
    <PageHead title={t('access.security')} above={<SettingsCrumb />} />
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
  <Card
    title={t('access.sessions')}
    detail={t('access.sessionsWhy')}
    flush
    foot={
      sessions.length > 1 && (
        <ActionForm action="/settings/security/sessions" fields={{ except: here }}>
          <Button size="small">{t('access.endOthers')}</Button>
        </ActionForm>
      )
    }
  >
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
  </Card>
)

export const savePassword = form('/settings/security/password', credentials.changePassword, {
  done: () => ({ go: '/settings/security', say: 'access.passwordChanged' }),
})
export const endSession = form('/settings/security/sessions', credentials.endSession, {
  done: () => ({ go: '/settings/security', say: 'access.ended' }),
})
export const removeSecond = form('/settings/security/second/remove', credentials.removeSecondFactor, {
  done: () => ({ go: '/settings/security', say: 'access.secondRemoved' }),
})

export const beginSecond = page('/settings/security/second', { who: 'self.manage', section: 'settings' }, async see => {
  const { secret, link } = await credentials.beginSecondFactor(see.ctx, {})
  // Loaded only where it is wanted, as few ever are here.
  const { toString: qrPicture } = await import('qrcode')
  const picture = `data:image/svg+xml;base64,${Buffer.from(await qrPicture(link, { type: 'svg', margin: 1 })).toString('base64')}`
  return {
    title: t('access.secondAdd'),
    body: (
      <Page width="narrow">
        <PageHead
          title={t('access.secondAdd')}
          detail={t('access.secondHow')}
          above={<SettingsCrumb more={[{ label: t('access.security'), href: '/settings/security' }]} />}
        />
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

export const confirmSecond = form('/settings/security/second', credentials.confirmSecondFactor, {
  done: (_see, { recoveryCodes }) => ({
    show: once(t('access.recoveryCodes'), t('access.recoveryWhy'), recoveryCodes.join('\n'), '/settings/security'),
  }),
})

/** Something that is shown now and never again. */
const once = (title: string, why: string, code: string, back: string, more?: Html): Screen => ({
  title,
  frame: 'public',
  body: (
    <Stack>
      <Banner tone="warning" title={title}>
        {why}
      </Banner>
      <CodeBlock label={title} code={code} />
      {more}
      <LinkButton href={back} look="strong">
        {t('access.keptIt')}
      </LinkButton>
    </Stack>
  ),
})

// —— personal keys ——

export const keysPage = page(
  '/settings/keys',
  { who: 'keys.manage', section: 'settings', finds: () => [{ title: t('access.keys'), icon: 'key' }] },
  async see => {
    const { items } = await credentials.keys(see.ctx, {})
    return {
      title: t('access.keys'),
      body: (
        <Page width="narrow">
          <PageHead
            title={t('access.keys')}
            detail={t('access.keysWhy')}
            above={<SettingsCrumb />}
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
  },
)

const NewKey = ({ role }: { role: string | null }) => (
  <Card title={t('access.keyNew')}>
    <Form action="/settings/keys">
      <Input name="name" label={t('access.keyName')} required maxlength={100} />
      <FieldSet title={t('access.scopes')} hint={t('access.scopesHint')}>
        {Object.entries(permissions())
          .filter(([, row]) => row.roles.includes(role as never))
          .map(([name]) => (
            <Checkbox name="scopes[]" value={name} id={`scope-${name}`} label={t(`kernel.permission.${name}`)} hint={<code>{name}</code>} />
          ))}
      </FieldSet>
      <FormActions>
        <Button look="strong">{t('access.keyMake')}</Button>
      </FormActions>
    </Form>
  </Card>
)

export const makeKey = form('/settings/keys', credentials.makeKey, {
  done: async (see, { key }, { scopes = [] }) => {
    const sample = await fill(see, keySample, { key, scopes })
    return { show: once(t('access.keyShown'), t('access.keyOnce'), key, '/settings/keys', sample) }
  },
})
export const revokeKey = form('/settings/keys/revoke', credentials.revokeKey, {
  done: () => ({ go: '/settings/keys', say: 'access.revoked' }),
})
