/** Where the world meets an account: the address that others deliver to, and the page that shows it at work. */
import { CopyButton, Row } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import type { See } from '#kernel/page.tsx'
import type { AccountCard } from '#social/channels/words.ts'

/** Where others deliver what this account is to hear. */
export function doorOf(see: See, account: AccountCard) {
  const address = `${houseOrigin()}/webhooks/${see.ctx.org}/${account.id}`
  return {
    term: t('accounts.door'),
    value: (
      <Row>
        <code>{address}</code>
        <CopyButton text={address} />
      </Row>
    ),
  }
}

export const lookOf = (path: string) => ({
  term: t('accounts.look'),
  value: (
    <a href={path} target="_blank" rel="noopener">
      {t('accounts.lookAt')}
    </a>
  ),
})
