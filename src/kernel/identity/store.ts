/** What is kept of sign-ins: accounts, sessions, memberships, one-time links, personal keys. */
import { sql } from 'kysely'
import type { Role } from '../context.ts'
import { tables } from '../db.ts'

export interface AccountTable {
  id: string
  email: string
  name: string
  password: string | null
  language: string | null
  theme: string | null
  totp_secret: string | null
  totp_since: Date | null
  totp_last_step: number
  shortcuts: boolean
  created_at: Date
  suspended_at: Date | null
}

export interface SessionTable {
  id: string
  token_hash: string
  account: string
  opened_org: string | null
  complete_at: Date | null
  created_at: Date
  seen_at: Date
  agent: string
  address: string
}

export interface MembershipTable {
  org: string
  account: string
  person: string
  role: Role
  created_at: Date
  suspended_at: Date | null
  steps_away_at: Date | null
}

export interface TokenTable {
  hash: string
  purpose: string
  account: string | null
  org: string | null
  detail: Record<string, unknown>
  tries: number
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface KeyTable {
  org: string
  id: string
  account: string
  name: string
  hash: string
  hint: string
  scopes: string[]
  created_at: Date
  used_at: Date | null
  revoked_at: Date | null
}

export const identityTables = tables<{
  account: AccountTable
  session: SessionTable
  membership: MembershipTable
  one_time_token: Omit<TokenTable, 'detail'> & { detail: unknown }
  recovery_code: { account: string; hash: string; used_at: Date | null }
  api_key: KeyTable
  organisation: {
    id: string
    name: string
    slug: string
    language: string
    zone: string
    settings: unknown
    demo: boolean
    created_at: Date
  }
}>()

export const json = (value: unknown) => sql<never>`${JSON.stringify(value)}::jsonb`
