import {
  ActionForm,
  Badge,
  Button,
  Card,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  PersonChip,
  Quiet,
  RelativeTime,
  Row,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offer, type See } from '#kernel/page.tsx'
import { accountPanel } from '#social/accounts/words.ts'
import { workers } from '#social/members/actions.ts'
import * as mailboxes from './actions.ts'
import { type Delegate, levels } from './words.ts'

const base = (account: string) => `/settings/channels/${account}`

export const ownPanel = offer(
  accountPanel,
  async (see, { account }) => {
    const it = await mailboxes.standing(see.ctx, { account })
    if (it.personal === null) return it.mayTake ? <Take account={account} /> : null
    return (
      <Card title={t('mailboxes.own')} detail={t(whyOf(it), { name: it.name ?? '' })}>
        <Stack gap="large">
          {it.delegates.length === 0 ? <Quiet>{t('mailboxes.nobody')}</Quiet> : <Delegates {...it} account={account} />}
          {it.own && <LetIn account={account} colleagues={await othersOf(see)} />}
          {it.own && <GiveToAll account={account} />}
          {it.mayTakeOver && <TakeOver account={account} />}
        </Stack>
      </Card>
    )
  },
  { order: 5, who: 'channels.own' },
)

const whyOf = ({ own, left }: { own: boolean; left: boolean }): string =>
  own ? 'mailboxes.ownWhy' : left ? 'mailboxes.leftWhy' : 'mailboxes.othersWhy'

const othersOf = async ({ ctx }: See) =>
  (await workers(ctx)).filter(each => each.person !== ctx.actor.person).map(each => ({ value: each.person, label: each.name }))

const Delegates = ({ account, delegates, own }: { account: string; delegates: Delegate[]; own: boolean }) => (
  <ItemList label={t('mailboxes.letIn')}>
    {delegates.map(each => (
      <Item
        title={<PersonChip name={each.name} side="inside" />}
        detail={
          <>
            {each.until ? t('mailboxes.until', { at: date(new Date(each.until.getTime() - 1)) }) : t('mailboxes.noEnd')} ·{' '}
            <RelativeTime at={each.since} />
          </>
        }
        end={
          <>
            <Badge>{t(`mailboxes.may.${each.may}`)}</Badge>
            {own && (
              <ActionForm action={`${base(account)}/revoke`} fields={{ person: each.person }}>
                <Button size="small">{t('mailboxes.revoke')}</Button>
              </ActionForm>
            )}
          </>
        }
      />
    ))}
  </ItemList>
)

const LetIn = ({ account, colleagues }: { account: string; colleagues: { value: string; label: string }[] }) => (
  <Form action={`${base(account)}/delegate`} columns>
    <Select name="person" label={t('mailboxes.colleague')} empty={t('mailboxes.choose')} choices={colleagues} required />
    <Select
      name="may"
      label={t('mailboxes.mayWhat')}
      value="read"
      choices={levels.map(value => ({ value, label: t(`mailboxes.may.${value}`) }))}
    />
    <Input name="until" type="date" label={t('mailboxes.end')} hint={t('mailboxes.endHint')} optional />
    <FormActions>
      <Button icon="add">{t('mailboxes.delegate')}</Button>
    </FormActions>
  </Form>
)

const GiveToAll = ({ account }: { account: string }) => (
  <Stack gap="small">
    <Quiet>{t('mailboxes.giveWhy')}</Quiet>
    <Row>
      <ActionForm action={`${base(account)}/share`}>
        <Button look="danger" icon="globe">
          {t('mailboxes.give')}
        </Button>
      </ActionForm>
    </Row>
  </Stack>
)

const Take = ({ account }: { account: string }) => (
  <Card title={t('mailboxes.take')} detail={t('mailboxes.takeWhy')}>
    <ActionForm action={`${base(account)}/own`}>
      <Button icon="lock">{t('mailboxes.take')}</Button>
    </ActionForm>
  </Card>
)

/** Nothing to press by mistake: it asks why, and that stays. */
const TakeOver = ({ account }: { account: string }) => (
  <Form action={`${base(account)}/take-over`}>
    <Quiet>{t('mailboxes.takeOverWhy')}</Quiet>
    <Input name="reason" label={t('mailboxes.reason')} maxlength={500} required />
    <FormActions>
      <Button look="danger" icon="lock">
        {t('mailboxes.takeOver')}
      </Button>
    </FormActions>
  </Form>
)

export const doTakeOver = form('/settings/channels/:account/take-over', mailboxes.takeOver, {
  done: () => ({ stay: true, say: 'mailboxes.isTakenOver' }),
})

export const doTake = form('/settings/channels/:account/own', mailboxes.takeAsOwn, {
  done: (_see, _out, { account }) => ({ stay: true, say: 'mailboxes.isOwn', undo: { path: `${base(account)}/share`, fields: {} } }),
})

export const doShare = form('/settings/channels/:account/share', mailboxes.giveToAll, {
  done: (_see, _out, { account }) => ({ go: base(account), say: 'mailboxes.isShared' }),
})

export const doDelegate = form('/settings/channels/:account/delegate', mailboxes.delegate, {
  read: (fields, { account }) => ({
    account: account!,
    person: String(fields.get('person') ?? ''),
    may: String(fields.get('may') ?? '') as 'read',
    until: String(fields.get('until') ?? '') || null,
  }),
  done: (_see, _out, { account, person }) => ({
    stay: true,
    say: 'mailboxes.isLetIn',
    undo: { path: `${base(account)}/revoke`, fields: { person } },
  }),
})

export const doRevoke = form('/settings/channels/:account/revoke', mailboxes.revoke, {
  done: (_see, { may, until }, { account, person }) => ({
    stay: true,
    say: 'mailboxes.isRevoked',
    undo: { path: `${base(account)}/delegate`, fields: { person, may, until: until?.toISOString() ?? '' } },
  }),
})
