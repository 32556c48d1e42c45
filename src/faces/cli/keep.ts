/** backup, restore, verify, export. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { backup, exportOrganisation, restore, verify } from '#kernel/backup.ts'
import { now } from '#kernel/clock.ts'
import { readConfig } from '#kernel/config.ts'
import { StartError } from '#kernel/errors.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { bytes, dateTime, number, t } from '#kernel/messages.ts'
import type { Migration } from '#kernel/migrate.ts'
import { at } from './place.ts'

const say = (key: string, values: Parameters<typeof t>[1] = {}) => console.log(t(`cli.${key}`, values))

export function addKeeping(program: Command, migrations: () => Migration[]): void {
  program
    .command('backup')
    .argument('[file]', t('cli.backupFile'))
    .option('--with-key', t('cli.withKey'))
    .description(t('cli.backup'))
    .action(takeBackup)
  program
    .command('restore')
    .argument('<file>', t('cli.restoreFile'))
    .description(t('cli.restore'))
    .action((file: string) => putBack(file, migrations()))
  program
    .command('verify')
    .argument('<file>', t('cli.restoreFile'))
    .description(t('cli.verify'))
    .action((file: string) => prove(file, migrations()))
  program
    .command('export')
    .argument('<organisation>', t('cli.exportOrganisation'))
    .argument('<file>', t('cli.exportFile'))
    .description(t('cli.export'))
    .action(exportTo)
}

/** `trefoil-backup-2026-11-22-0541.tar.gz` */
const usualName = () => `trefoil-backup-${now().toISOString().slice(0, 16).replace('T', '-').replace(':', '')}.tar.gz`

async function takeBackup(file: string | undefined, { withKey = false }: { withKey?: boolean }): Promise<void> {
  const config = readConfig(process.env)
  const made = await at(config, 'backup', 'filled', ({ ownerUrl }) => {
    const masterKey = masterKeyOf(config.dataDir, config.masterKey)
    return backup({ ownerUrl, dataDir: config.dataDir, target: resolve(file ?? usualName()), masterKey, withKey })
  })
  say('backupDone', { file: made.file, size: bytes(made.bytes), rows: number(made.rows), files: number(made.files) })
  if (made.missing) say('backupMissing', { count: made.missing })
  say(withKey ? 'backupWithKey' : 'backupNoKey', { file: config.masterKey ? 'MASTER_KEY' : `${config.dataDir}/secrets/master-key` })
}

async function putBack(file: string, migrations: Migration[]): Promise<void> {
  const config = readConfig(process.env)
  const place = { file: resolve(file), dataDir: config.dataDir, migrations }
  const { at: taken, totals, keyFits } = await at(config, 'restore', 'nothing', ({ ownerUrl }) => restore({ ...place, ownerUrl }))
  const rows = Object.values(totals.tables).reduce((sum, table) => sum + table.rows, 0)
  say('restoreDone', { at: dateTime(new Date(taken)), rows: number(rows), files: number(totals.files.count) })
  const keyFile = `${config.dataDir}/secrets/master-key`
  const hasKey = config.masterKey !== undefined || existsSync(keyFile)
  if (!hasKey || !keyFits(masterKeyOf(config.dataDir, config.masterKey))) say('restoreNoKey', { file: keyFile })
}

async function prove(file: string, migrations: Migration[]): Promise<void> {
  const { at: taken, totals, different } = await verify(resolve(file), migrations)
  for (const [name, { rows }] of Object.entries(totals.tables)) {
    const mark = different.includes(name) ? '✗' : '✓'
    console.log(`${mark} ${name.padEnd(36)} ${number(rows).padStart(14)}`)
  }
  if (different.length) throw new StartError('cli.verifyDifferent', { names: different.join(', ') })
  const tables = Object.keys(totals.tables).length
  say('verifyDone', { at: dateTime(new Date(taken)), tables, files: number(totals.files.count) })
}

async function exportTo(organisation: string, file: string): Promise<void> {
  const config = readConfig(process.env)
  const target = resolve(file)
  const made = await at(config, 'export', 'filled', ({ ownerUrl }) =>
    exportOrganisation({ ownerUrl, dataDir: config.dataDir, organisation, target }),
  )
  say('exportDone', { name: made.name, file: target, rows: number(made.rows), files: number(made.files) })
}
