/** What the settings of records share. */
import { Breadcrumb } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'

export const base = '/settings/records'

export const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }, { label: t('records.kinds'), href: base }, ...more]} />
)

export const plain = (fields: FormData, name: string): string => String(fields.get(name) ?? '').trim()
