import type { Actor, Role } from './context.ts'

export interface Permission {
  /** What it allows, in English for programs; people read the message `roles.<name>`. */
  says: string
  roles: readonly Role[]
}

let table: Record<string, Permission> = {}

/** The one table of who may do what, given by the composition root. */
export function usePermissions(given: Record<string, Permission>): void {
  table = given
}

export const permissions = (): Record<string, Permission> => table

/** The house itself may do anything; a person what the role allows, and with a personal key only what its scopes name. */
export function may(actor: Actor, permission: string): boolean {
  const row = table[permission]
  if (!row) throw new Error(`No permission "${permission}" in the roles table`)
  if (actor.kind === 'system') return true
  if (actor.scopes && !actor.scopes.includes(permission)) return false
  return actor.role !== null && row.roles.includes(actor.role)
}
