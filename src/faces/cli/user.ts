/** Commands for sign-ins, for when nobody can get in any more. */
import type { Command } from 'commander'
import { readConfig } from '#kernel/config.ts'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { closeDatabase, openDatabase } from '#kernel/db.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { t } from '#kernel/messages.ts'
import { serverUrl } from '#kernel/migrate.ts'
import { resetLinkFor } from '#social/access/actions.ts'
import { at, type Place } from './place.ts'

export function addUsers(program: Command): void {
  const user = program.command('user').description(t('cli.user'))
  user.command('reset').argument('<email>', t('cli.userEmail')).description(t('cli.userReset')).action(reset)
}

async function reset(email: string): Promise<void> {
  const config = readConfig(process.env)
  const path = await at(config, 'user', 'filled', place => asServer(place, () => resetLinkFor(email)))
  console.log(t('cli.userResetDone', { email, link: `${config.baseUrl ?? `http://localhost:${config.port}`}${path}` }))
}

/** Signs in as the server does, so that a command can do what the server can, and no more. */
async function asServer<T>({ config, ownerUrl }: Place, run: () => Promise<T>): Promise<T> {
  useMasterKey(masterKeyOf(config.dataDir, config.masterKey))
  openDatabase(await serverUrl(ownerUrl, derivedKey('database role').toString('hex')), 2)
  try {
    return await run()
  } finally {
    await closeDatabase()
  }
}
