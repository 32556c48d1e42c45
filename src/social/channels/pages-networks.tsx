import { Badge, Breadcrumb, Page, PageHead, Quiet, Table } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { page } from '#kernel/page.tsx'
import * as channels from './actions.ts'
import { actsIn, proofWords, truthOf } from './rules.ts'
import type { Channel, Truth } from './words.ts'

/** The truth about every network at once: what it allows, what of that we do, how it was proved, and what is connected here. */
export const networksPage = page(
  '/settings/channels/networks',
  { who: 'channels.read', section: 'settings', finds: () => [{ title: t('channels.networks'), icon: 'globe' }] },
  async see => {
    const { items } = await channels.accounts(see.ctx, {})
    const all = [...channels.channels()].sort((one, other) => t(one.title).localeCompare(t(other.title)))
    const connected = (channel: Channel) => items.filter(each => each.channel === channel.name).length
    return {
      title: t('channels.networks'),
      body: (
        <Page>
          <PageHead
            title={t('channels.networks')}
            detail={t('channels.networksWhy')}
            above={
              <Breadcrumb
                crumbs={[
                  { label: t('channels.settings'), href: '/settings' },
                  { label: t('channels.channels'), href: '/settings/channels' },
                ]}
              />
            }
          />
          <Table
            caption={t('channels.networks')}
            captionHidden
            stacks
            rows={all}
            columns={[
              {
                head: t('channels.network'),
                heading: true,
                cell: channel => <a href={`/settings/channels/about/${channel.name}`}>{t(channel.title)}</a>,
              },
              { head: t('channels.connectedHere'), numeric: true, cell: channel => connected(channel) },
              ...actsIn(all).map(what => ({
                head: t(`channels.can.${what}`),
                cell: (channel: Channel) => <Act row={truthOf(channel, what)} />,
              })),
            ]}
          />
        </Page>
      ),
    }
  },
)

const Act = ({ row }: { row: Truth | undefined }) => {
  if (!row) return <Quiet>–</Quiet>
  if (!row.done) return <Badge>{row.allowed === 'no' ? t('channels.notThere') : t('channels.notYet')}</Badge>
  return (
    <span>
      <Badge tone={row.allowed === 'yes' ? 'good' : 'warning'}>{t(`channels.allows.${row.allowed}`)}</Badge>{' '}
      <Quiet small>{t(`channels.proof.${proofWords[row.provedBy]}`)}</Quiet>
    </span>
  )
}
