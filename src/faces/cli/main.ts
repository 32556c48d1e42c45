/** `npx trefoil`: what the operator does from a terminal, whether the server runs or not. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { Refusal, StartError } from '#kernel/errors.ts'
import { inLanguage, isLanguage, type Language, languageOfTerminal, languages, loadMessages, t } from '#kernel/messages.ts'
import { assemble, migrations } from '../../contents.ts'
import { addDoctor } from './doctor.ts'
import { addKeeping } from './keep.ts'
import { addUsers } from './user.ts'
import { addActionCommands } from './verbs.ts'

/** From `--lang de`, else from the terminal's own setting. */
export function languageOf(words: string[], env: Record<string, string | undefined>): Language {
  const asked = words[words.indexOf('--lang') + 1]
  if (words.includes('--lang') && isLanguage(asked)) return asked
  return languageOfTerminal(env)
}

const version = (): string => JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version

const titles: Record<string, string> = {
  'Usage:': 'cli.usage',
  'Options:': 'cli.options',
  'Arguments:': 'cli.arguments',
  'Commands:': 'cli.commands',
}

async function programOf(words: string[]): Promise<Command> {
  const program = new Command('trefoil')
    .description(t('cli.trefoil'))
    .option('--lang <language>', t('cli.lang', { languages: languages.join(', ') }))
    .helpOption('-h, --help', t('cli.help'))
    .helpCommand('help [command]', t('cli.help'))
    .version(version(), '-V, --version', t('cli.version'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} }) // Told below, in the language that was asked for.
    .configureHelp({ styleTitle: title => (titles[title] ? t(titles[title]) : title) })
  program
    .command('start')
    .option('--demo', t('cli.demo'))
    .description(t('cli.start'))
    .action(async () => void (await import('../../main.ts')))
  addKeeping(program, migrations)
  addDoctor(program, migrations)
  addUsers(program)
  await addActionCommands(program, words, assemble)
  return program
}

async function run(words: string[]): Promise<void> {
  try {
    await (await programOf(words)).parseAsync(words, { from: 'user' })
  } catch (error) {
    process.exitCode = told(error)
  }
}

/** What went wrong, in one sentence, and the exit code. Anything unforeseen is shown whole. */
function told(error: unknown): number {
  const sentence = sentenceOf(error)
  if (sentence === undefined) console.error(error)
  else if (sentence) console.error(`\n  ${sentence}\n`)
  return error instanceof CommanderError ? error.exitCode : 1
}

function sentenceOf(error: unknown): string | undefined {
  if (error instanceof StartError) return error.says()
  if (error instanceof Refusal)
    return [t(error.key, error.values), ...error.fields.map(each => `${each.field}: ${t(each.key, each.values)}`)].join('\n  ')
  if (!(error instanceof CommanderError)) return undefined
  if (error.exitCode === 0 || error.code === 'commander.help') return ''
  return t(wrong[error.code] ?? 'cli.wrongWords', { word: /'([^']*)'/.exec(error.message)?.[1] ?? '' })
}

const wrong: Record<string, string> = {
  'commander.unknownCommand': 'cli.wrongCommand',
  'commander.unknownOption': 'cli.wrongOption',
  'commander.missingArgument': 'cli.wrongMissing',
  'commander.optionMissingArgument': 'cli.wrongMissing',
}

if (import.meta.main) {
  const here = fileURLToPath(new URL('.', import.meta.url))
  loadMessages(here, 'cli')
  loadMessages(fileURLToPath(new URL('../../social/access', import.meta.url)), 'access')
  const words = process.argv.slice(2)
  await inLanguage(languageOf(words, process.env), () => run(words))
}
