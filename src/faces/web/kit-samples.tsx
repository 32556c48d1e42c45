/** What the samples of `/kit` are made of. */
import type { Child } from 'hono/jsx'
import { Quiet, Stack } from '#kernel/html/kit.tsx'

/** One part of the kit with its name. */
export const Sample = ({ name, children }: { name: string; children: Child }) => (
  <Stack gap="small">
    <Quiet small>
      <code translate="no">{name}</code>
    </Quiet>
    {children}
  </Stack>
)

export const now = new Date('2026-11-20T10:30:00Z')
export const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)

export const anna = { name: 'Anna Lindqvist', side: 'inside' } as const
export const jonas = { name: 'Jonas Weber', side: 'inside' } as const
export const mira = { name: 'Mira de Vries', side: 'customer' } as const
export const holt = { name: 'Holt & Söhne GmbH', side: 'outside' } as const

export const months = ['Dec', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov']
export const answered = [62, 64, 61, 70, 72, 71, 76, 75, 79, 82, 81, 86]
export const before = [51, 55, 54, 52, 58, 60, 61, 60, 63, 61, 66, 68]
