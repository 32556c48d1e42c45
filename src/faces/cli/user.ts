/** Commands for sign-ins, for when nobody can get in any more. */
import type { Command } from 'commander'
import { readConfig } from '#kernel/config.ts'
import { t } from '#kernel/messages.ts'
import { resetLinkFor } from '#social/access/actions.ts'
import { asServer, at } from './place.ts'

export function addUsers(program: Command): void {
  const user = program.command('user').description(t('cli.user'))
  user.command('reset').argument('<email>', t('cli.userEmail')).description(t('cli.userReset')).action(reset)
}

async function reset(email: string): Promise<void> {
  const config = readConfig(process.env)
  const path = await at(config, 'user', 'filled', place => asServer(place, () => resetLinkFor(email)))
  console.log(t('cli.userResetDone', { email, link: `${config.baseUrl ?? `http://localhost:${config.port}`}${path}` }))
}
