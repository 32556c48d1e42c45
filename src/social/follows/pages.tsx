/** On the page of a person: by which of our accounts they are followed. On the page of an account: whom it follows. */
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
  LinkButton,
  Quiet,
  RelativeTime,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { accountPanel } from '#social/accounts/words.ts'
import { channelNamed } from '#social/channels/actions.ts'
import { personCards } from '#social/people/words.ts'
import * as follows from './actions.ts'
import { mayAskAgain } from './rules.ts'
import type { Follow } from './words.ts'

const tones = { waiting: 'neutral', asked: 'warning', accepted: 'good', refused: 'neutral', failed: 'bad' } as const

/** How it stands, in words, and why where it does not. */
const Standing = ({ it: { state, ends, says } }: { it: Follow }) => (
  <>
    <Badge tone={tones[state]}>{t(ends ? 'follows.ends' : `follows.state.${state}`)}</Badge>
    {says && ' '}
    {says && <Quiet small>{hasMessage(says) ? t(says) : says}</Quiet>}
  </>
)

const Deed = ({ account, address, does }: { account: string; address: string; does: 'follow' | 'unfollow' }) => (
  <ActionForm action={`/settings/channels/${account}/${does}`} fields={{ address }}>
    <Button size="small" icon={does === 'follow' ? 'add' : undefined}>
      {t(`follows.${does}`)}
    </Button>
  </ActionForm>
)

const Deeds = ({ account, address, it }: { account: string; address: string; it: Follow | null }) => (
  <Row gap="small">
    {(!it || it.ends || mayAskAgain(it.state)) && <Deed account={account} address={address} does="follow" />}
    {it && !it.ends && <Deed account={account} address={address} does="unfollow" />}
  </Row>
)

export const ofPerson = offer(
  personCards,
  async (see, { person }) => {
    const ways = await follows.waysTo(see.ctx, person)
    if (ways.length === 0) return null
    const mayAct = may(see.ctx.actor, 'threads.write')
    return (
      <Card title={t('follows.ofPerson')} detail={t('follows.ofPersonWhy')} icon="globe" flush>
        <ItemList label={t('follows.ofPerson')}>
          {ways.map(({ account, name, address, follow }) => (
            <Item
              title={<bdi>{name}</bdi>}
              detail={
                <>
                  <bdi>{address}</bdi> {follow && <Standing it={follow} />}
                </>
              }
              end={mayAct && <Deeds account={account} address={address} it={follow} />}
            />
          ))}
        </ItemList>
      </Card>
    )
  },
  { order: 60, who: 'people.read' },
)

const isId = (text: string | null): text is string => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '')

export const ofAccount = offer(
  accountPanel,
  async (see, { account, channel }) => {
    if (!channelNamed(channel)?.can.follow) return null
    const before = see.query.get('following')
    const { items, next } = await follows.list(see.ctx, { account, before: isId(before) ? before : undefined, limit: 20 })
    const mayAct = may(see.ctx.actor, 'threads.write')
    return (
      <Card title={t('follows.ofAccount')} detail={t('follows.ofAccountWhy')}>
        <Stack>
          {mayAct && (
            <Form action={`/settings/channels/${account}/follow`} columns>
              <Input name="address" label={t('follows.address')} hint={t('follows.addressHint')} maxlength={500} required />
              <FormActions>
                <Button icon="add">{t('follows.follow')}</Button>
              </FormActions>
            </Form>
          )}
          {items.length === 0 ? <Quiet>{t('follows.nobody')}</Quiet> : <Followed items={items} mayAct={mayAct} />}
          {next && (
            <Row>
              <LinkButton href={`?following=${next}`} size="small">
                {t('follows.older')}
              </LinkButton>
            </Row>
          )}
        </Stack>
      </Card>
    )
  },
  { order: 20, who: 'channels.read' },
)

const Followed = ({ items, mayAct }: { items: Follow[]; mayAct: boolean }) => (
  <ItemList label={t('follows.ofAccount')}>
    {items.map(it => (
      <Item
        title={it.person ? <a href={`/people/${it.person}`}>{it.name}</a> : <bdi>{it.address}</bdi>}
        detail={
          <>
            {it.person && <bdi>{it.address}</bdi>} <Standing it={it} /> <RelativeTime at={it.at} />
          </>
        }
        end={mayAct && <Deeds account={it.account} address={it.address} it={it} />}
      />
    ))}
  </ItemList>
)

// —— deeds ——

const at = (account: string, does: 'follow' | 'unfollow', address: string) => ({
  path: `/settings/channels/${account}/${does}`,
  fields: { address },
})
const read = (fields: FormData, { account }: Record<string, string>) => ({
  account: account!,
  address: String(fields.get('address') ?? ''),
})

export const doFollow = form('/settings/channels/:account/follow', follows.follow, {
  read,
  done: (_see, _out, { account, address }) => ({ stay: true, say: 'follows.isAsked', undo: at(account, 'unfollow', address) }),
})
export const doUnfollow = form('/settings/channels/:account/unfollow', follows.unfollow, {
  read,
  done: (_see, _out, { account, address }) => ({ stay: true, say: 'follows.isEnded', undo: at(account, 'follow', address) }),
})
