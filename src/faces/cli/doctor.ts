/** doctor: looks at everything that can be wrong, one line each, with what to do. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { readConfig } from '#kernel/config.ts'
import { databaseFindings } from '#kernel/doctor/database.ts'
import type { Finding } from '#kernel/doctor/finding.ts'
import { machineFindings } from '#kernel/doctor/machine.ts'
import { StartError } from '#kernel/errors.ts'
import { t } from '#kernel/messages.ts'
import type { Migration } from '#kernel/migrate.ts'
import { at } from './place.ts'

const marks = { ok: '✓', warn: '!', fail: '✗' }

export function addDoctor(program: Command, migrations: () => Migration[]): void {
  program
    .command('doctor')
    .option('--deep', t('cli.deep'))
    .description(t('cli.doctor'))
    .action(({ deep = false }: { deep?: boolean }) => examine(migrations(), deep))
}

async function examine(migrations: Migration[], deep: boolean): Promise<void> {
  const config = readConfig(process.env)
  if (!existsSync(config.dataDir)) throw new StartError('cli.nothingHere', { folder: config.dataDir })
  const found = (await machineFindings(config)).map(shown)
  found.push(...(await at(config, 'doctor', 'something', ({ ownerUrl }) => databaseFindings(ownerUrl, migrations, deep))).map(shown))
  if (found.includes('fail')) throw new StartError('cli.doctorFail')
  console.log(t(found.includes('warn') ? 'cli.doctorWarn' : 'cli.doctorOk'))
}

function shown({ state, key, values }: Finding): Finding['state'] {
  console.log(`${marks[state]} ${t(`cli.found.${key}`, values)}`)
  return state
}
