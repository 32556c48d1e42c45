/** The actions of the house as commands, such as `trefoil crm close`: made from the same descriptions as the API and the assistants' tools. */
import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { published, run } from '#faces/api/actions.ts'
import { jsonSchema } from '#faces/api/rules.ts'
import type { Action } from '#kernel/action.ts'
import { readConfig } from '#kernel/config.ts'
import { useFilesFolder } from '#kernel/files.ts'
import { memberForCommand } from '#kernel/identity/operator.ts'
import { startJobs, stopJobs } from '#kernel/jobs.ts'
import { t } from '#kernel/messages.ts'
import { useOrigin } from '#kernel/origin.ts'
import { type Field, inputOf, optionOf } from './options.ts'
import { asServer, at } from './place.ts'

/** Adds one command for each published action. `load` puts the house together, which takes a moment, so it is done only when it is needed. */
export async function addActionCommands(program: Command, words: string[], load: () => Promise<unknown>): Promise<void> {
  program.addHelpText('after', `\n${t('cli.verbsHint')}`)
  const first = words.find(word => !word.startsWith('-'))
  const known = [...program.commands.map(command => command.name()), 'help']
  program.command('actions').description(t('cli.actions')).action(list)
  if (!first || known.includes(first)) return
  await load()
  for (const module of new Set(published().map(moduleOf))) addModule(program, module)
}

function list(): void {
  const actions = published()
  const widest = Math.max(...actions.map(({ info }) => info.name.length))
  for (const { info } of actions) console.log(`${info.name.replace('.', ' ').padEnd(widest)}  ${info.says}`)
}

const moduleOf = (action: Action) => action.info.name.split('.')[0]!
const verbOf = (action: Action) => action.info.name.split('.')[1]!

function addModule(program: Command, module: string): void {
  const group = program.command(module).description(t('cli.verbsOf', { module }))
  for (const action of published().filter(each => moduleOf(each) === module)) addVerb(group, action)
}

function addVerb(group: Command, action: Action): void {
  const fields = fieldsOf(action)
  const command = group.command(verbOf(action)).description(action.info.says)
  for (const field of fields) command.addOption(new Option(optionOf(field), field.schema.description))
  command.option('--input <json>', t('cli.verbInput'))
  command.option('--as <email>', t('cli.verbAs'))
  command.option('--organisation <name>', t('cli.verbOrganisation'))
  command.action(options => perform(action, fields, options))
}

/** Without those whose names mean something else here; `--input` takes them. */
function fieldsOf(action: Action): Field[] {
  const { properties = {} } = jsonSchema(action.info.takes, 'input') as { properties?: Record<string, Field['schema']> }
  const taken = ['input', 'as', 'organisation', 'lang', 'help', 'version']
  return Object.entries(properties)
    .filter(([name]) => !taken.includes(name))
    .map(([name, schema]) => ({ name, schema }))
}

interface Options extends Record<string, unknown> {
  input?: string
  as?: string
  organisation?: string
}

async function perform(action: Action, fields: Field[], { input, as, organisation, ...given }: Options): Promise<void> {
  const config = readConfig(process.env)
  const whole = input === '-' ? await text(process.stdin) : input
  useFilesFolder(`${config.dataDir}/files`)
  useOrigin(config.baseUrl ?? `http://localhost:${config.port}`)
  const answer = await at(config, action.info.name, 'filled', place =>
    asServer(place, async url => {
      await startJobs(url, { work: false }) // What the action puts off is added to the queue; a server does it.
      try {
        return await run(action, await memberForCommand(organisation, as), inputOf(fields, given, whole))
      } finally {
        await stopJobs()
      }
    }),
  )
  console.log(JSON.stringify(JSON.parse(answer), null, 2))
}
