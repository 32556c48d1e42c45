import { Badge, Banner, Button, Card, Form, FormActions, Input, LinkButton, Quiet, RelativeTime, Select } from '#kernel/html/kit.tsx'
import { date, hasMessage, t } from '#kernel/messages.ts'
import { form, offer, type See } from '#kernel/page.tsx'
import { notices } from '#kernel/words.ts'
import { endsSoon } from '#social/channels/actions.ts'
import type { AccountCard } from '#social/channels/words.ts'
import { workers } from '#social/members/actions.ts'
import * as accounts from './actions.ts'
import { accountPanel } from './words.ts'

/** What a network said: a sentence of ours, or its own words. */
const said = (says: string) => (hasMessage(says) ? t(says) : says)

/** How it fares, beyond how it stands: whether it works, how long its sign-in counts, what is left, what failed last, how long its network wants silence. */
export function healthOf(see: See, account: AccountCard) {
  const { quietUntil, failedAt, failedSays, succeededAt, quota } = account
  return [
    {
      term: t('accounts.succeededAt'),
      value: succeededAt ? <RelativeTime at={succeededAt} look="long" /> : t('accounts.notYet'),
    },
    { term: t('accounts.signedIn'), value: <SignedIn see={see} account={account} /> },
    ...(quota && quota.until > see.ctx.now ? [{ term: t('accounts.quota'), value: <QuotaLeft {...quota} /> }] : []),
    ...(quietUntil && quietUntil > see.ctx.now
      ? [{ term: t('accounts.quietUntil'), value: <RelativeTime at={quietUntil} look="full" /> }]
      : []),
    ...(failedAt
      ? [
          {
            term: t('accounts.failedAt'),
            value: (
              <>
                <RelativeTime at={failedAt} look="long" /> {failedSays && <Quiet small>{said(failedSays)}</Quiet>}
              </>
            ),
          },
        ]
      : []),
  ]
}

const SignedIn = ({ see, account: { grantedAt, grantedUntil } }: { see: See; account: AccountCard }) => (
  <>
    {grantedAt ? <RelativeTime at={grantedAt} look="long" /> : grantedUntil && t('accounts.notYet')}{' '}
    {!grantedUntil ? (
      <Quiet small>{t('accounts.neverEnds')}</Quiet>
    ) : endsSoon(grantedUntil, see.ctx.now) ? (
      <Badge tone="warning" icon="warning">
        {t('accounts.endsOn', { when: date(grantedUntil) })}
      </Badge>
    ) : (
      <Quiet small>{t('accounts.endsOn', { when: date(grantedUntil) })}</Quiet>
    )}
  </>
)

const QuotaLeft = ({ left, of, until }: NonNullable<AccountCard['quota']>) => (
  <>
    {of === null ? t('accounts.quotaLeft', { left }) : t('accounts.quotaLeftOf', { left, of })}{' '}
    <Quiet small>
      {t('accounts.quotaUntil')} <RelativeTime at={until} look="full" />
    </Quiet>
  </>
)

export const carePanel = offer(
  accountPanel,
  async (see, { account }) => {
    const colleagues = (await workers(see.ctx)).map(each => ({ value: each.person, label: each.name }))
    const { account: card } = await accounts.details(see.ctx, { account })
    const whom = { choices: colleagues, empty: t('accounts.nobody') }
    return (
      <Card title={t('accounts.care')} detail={t('accounts.careWhy')}>
        <Form action={`/settings/channels/${account}/care`}>
          <Select name="owner" label={t('accounts.owner')} value={card.owner ?? ''} {...whom} />
          <Select name="deputy" label={t('accounts.deputy')} value={card.deputy ?? ''} {...whom} />
          <Input name="purpose" label={t('accounts.purpose')} hint={t('accounts.purposeHint')} value={card.purpose} maxlength={500} />
          <FormActions>
            <Button>{t('accounts.keepCare')}</Button>
          </FormActions>
        </Form>
      </Card>
    )
  },
  { order: 10, who: 'channels.manage' },
)

export const doCare = form('/settings/channels/:account/care', accounts.lookAfter, {
  done: () => ({ stay: true, say: 'accounts.isEntrusted' }),
})

/** An account that nobody looks after is loud where accounts are, and where an administrator begins. */
export const ownerlessNotice = offer(
  notices,
  async see => {
    if (see.path !== '/' && see.path !== '/settings/channels') return null
    const [first, ...others] = await accounts.withoutOwner(see.ctx)
    return first ? (
      <Banner
        tone="warning"
        title={t('accounts.ownerless', { name: first.name, others: others.length })}
        actions={
          <LinkButton size="small" href={`/settings/channels/${first.id}`}>
            {t('accounts.entrust')}
          </LinkButton>
        }
      >
        {t('accounts.ownerlessWhy')}
      </Banner>
    ) : null
  },
  { who: 'channels.manage' },
)
