/**
 * The house as data: which floors there are, which modules stand on them, and who may look into whom.
 * ARCHITECTURE.md draws this picture for people; `npm run check` holds the code to it.
 */

export interface Floor {
  /** Also its alias in imports: `#social/…`. */
  name: string
  folder: string
  /** Its modules, in the order of the picture. Empty: the floor is one room of its own. */
  modules: readonly string[]
  /**
   * How its modules see each other: `apart` not at all, `leftward` the words and actions of those that stand before them in the list,
   * `freely` everything.
   */
  inside: 'apart' | 'leftward' | 'freely'
  /** Areas that are more than one module: within a wing one looks leftward, as on the social floor; out of it nobody looks. */
  wings?: readonly (readonly string[])[]
  /** The files that higher floors may import. */
  opens: 'everything' | readonly string[]
}

/** The doors of a module: what it says, and what can be done with it. */
export const doors = ['words.ts', 'actions.ts'] as const

/** The floors from the ground up. A module imports from lower floors only. */
export const floors: readonly Floor[] = [
  { name: 'kernel', folder: 'src/kernel', modules: [], inside: 'freely', opens: 'everything' },
  {
    name: 'social',
    folder: 'src/social',
    modules: [
      'activities',
      'sides',
      'people',
      'traits',
      'merges',
      'directory',
      'profile',
      'access',
      'credentials',
      'members',
      'teams',
      'companies',
      'fields',
      'consent',
      'notes',
      'lists',
      'graph',
      'spaces',
      'vocabulary',
      'matching',
      'mood',
      'alike',
      'influence',
      'search',
      'reactions',
      'content',
      'notifications',
      'calls',
      'drafts',
      'threads',
      'tasks',
      'presence',
      'segments',
      'edits',
      'channels',
      'accounts',
      'brands',
      'mailboxes',
      'follows',
      'intake',
      'listening',
      'deliveries',
      'amendments',
      'outbox',
      'moves',
      'doors',
      'imports',
      'contacts',
      'archives',
      'rights',
    ],
    inside: 'leftward',
    opens: doors,
  },
  {
    name: 'areas',
    folder: 'src/areas',
    modules: [
      'marketing',
      'commerce',
      'crm',
      'answers',
      'macros',
      'cases',
      'routing',
      'satisfaction',
      'sales',
      'records',
      'assistant',
      'monitors',
      'influence',
      'soundings',
      'alerts',
      'communities',
      'collaboration',
      'knowledge',
      'governance',
    ],
    inside: 'apart',
    wings: [
      [
        'crm',
        'answers',
        'macros',
        'cases',
        'routing',
        'satisfaction',
        'sales',
        'records',
        'assistant',
        'monitors',
        'influence',
        'soundings',
        'alerts',
      ],
    ],
    opens: doors,
  },
  { name: 'measures', folder: 'src/measures', modules: [], inside: 'freely', opens: doors },
  { name: 'maturity', folder: 'src/maturity', modules: [], inside: 'freely', opens: doors },
  { name: 'faces', folder: 'src/faces', modules: [], inside: 'freely', opens: [] },
]

/** The open sets: every folder in them is found by itself. It sees its own folder and what is named here; nobody imports it. */
export const discovered: readonly { folder: string; mayImport: readonly string[] }[] = [
  { folder: 'channels', mayImport: ['src/kernel/', 'src/social/channels/words.ts'] },
  { folder: 'models', mayImport: ['src/maturity/words.ts'] },
]

/** What stands over the house or beside it may import everything: the table of contents, the table of roles, tools and tests of the whole. */
export const overEverything: readonly string[] = [
  'src/main.ts',
  'src/server.ts',
  'src/contents.ts',
  'src/roles.ts',
  'src/faces/cli/main.ts',
  'tools/',
  'peers/',
  'stories/',
  'faults/',
  'bench/',
]

/** A module consists of these files, its tests, its migrations, its locales and its README. */
export const moduleFiles: readonly string[] = ['words.ts', 'rules.ts', 'store.ts', 'actions.ts', 'pages.tsx']

/** Files for the tests of others, such as the contract that every channel passes; only tests import them. */
export const testSupport: readonly string[] = ['testing.ts', 'contract.ts']

/** Words and rules are pure: they take what they need as data. So they never load what reads a clock, a disk, a network or a database. */
export const effects: readonly string[] = [
  'src/kernel/clock.ts',
  'src/kernel/config.ts',
  'src/kernel/db.ts',
  'src/kernel/fetch.ts',
  'src/kernel/files.ts',
  'src/kernel/http.ts',
  'src/kernel/jobs.ts',
  'src/kernel/live.ts',
  'src/kernel/mail.ts',
]

/** Something that the house forbids and one place may do nevertheless. `at` is a file or, with a slash at its end, a folder. */
export interface Exception {
  at: string
  what: string
  because: string
}

/** The same for several. */
const each = (what: readonly string[], at: string, because: string): Exception[] => what.map(one => ({ at, what: one, because }))

const signIn = 'sign-in comes before an organisation is known, on the accounts and sessions that the kernel keeps'
const membership = 'members are the kernel’s accounts in an organisation, with its roles'
const format = 'schemas and form fields call a mail address so, whatever it is for'
const pushes = 'the contract has one word for what a network pushes to our door, whichever network it is'
const samples = 'the page /kit shows components with texts that could stand in them'
const called = 'the open network calls an account by its address, and no organisation is known before the account is found'
const keys = 'personal keys and the answers kept for repeated requests are the kernel’s, the door for programs is a face'
const shut =
  'what is closed moves with its account in one statement, whatever the number of its threads, and follows no door but the database’s own'
const address = 'people sign in with their mail address, and the house sends mails of its own'

/** Each list belongs to one part of the check. An entry that is no longer needed is itself a fault, so that the lists stay true. */
export const exceptions: Record<ExceptionPart, Exception[]> = {
  walls: [],
  tables: [
    ...each(['account', 'recovery_code', 'organisation', 'membership'], 'src/social/access/store.ts', signIn),
    ...each(['recovery_code', 'api_key'], 'src/social/credentials/store.ts', signIn),
    ...each(['account', 'membership', 'organisation', 'one_time_token', 'audit'], 'src/social/members/store.ts', membership),
    ...each(['account', 'membership', 'api_key', 'idempotency'], 'src/faces/api/store.ts', keys),
    ...each(['closed', 'admitted', 'thread'], 'src/social/channels/0006-personal.sql', shut),
    ...each(['closed'], 'src/areas/crm/0003-closed.sql', shut),
    ...each(['jobs.job', 'jobs.queue'], 'src/kernel/jobs.ts', 'pg-boss makes its tables itself'),
    ...each(['migration'], 'src/kernel/doctor/', 'doctor tells which migrations are still to run'),
    ...each(['migration'], 'src/kernel/migrate.ts', 'the list of migrations is there before the first of them'),
    ...each(['migration'], 'src/kernel/backup.ts', 'the list of migrations is there before the first of them'),
    ...each(['information_schema.columns'], 'src/kernel/0001-kernel.sql', 'PostgreSQL’s own list of what there is'),
  ],
  networks: [
    ...each(['email'], 'src/kernel/', address),
    ...each(['email'], 'src/social/access/', address),
    ...each(['email'], 'src/social/credentials/', address),
    ...each(['email'], 'src/social/members/', address),
    ...each(['email'], 'src/faces/cli/', address),
    ...each(['email'], 'src/social/people/actions.ts', address),
    ...each(['email'], 'src/social/notifications/actions.ts', address),
    ...each(['email'], 'src/social/accounts/rules.ts', format),
    ...each(['email'], 'src/faces/api/rules.ts', format),
    ...each(['feed'], 'channels/bluesky/', 'its own records are called so'),
    ...each(['feed'], 'channels/syndication/', 'what it writes is called so'),
    ...each(['webhook'], 'channels/feed/', pushes),
    ...each(['webhook'], 'src/kernel/signed.ts', 'the headers of Standard Webhooks are called so'),
    ...each(['email'], 'channels/feed/read.ts', format),
    ...each(['email'], 'channels/webhook/translate.ts', format),
    ...each(['email'], 'channels/widget/browser/', format),
    ...each(['email'], 'channels/widget/identity.ts', format),
    ...each(['widget'], 'src/kernel/html/document.tsx', 'HTML calls the keyboard on the screen so'),
    ...each(['webhook'], 'src/social/channels/words-can.ts', pushes),
    ...each(['webhook'], 'src/social/listening/', pushes),
    ...each(['webhook'], 'src/social/accounts/pages.tsx', pushes),
  ],
  doors: [
    ...each(['undici'], 'src/kernel/fetch.ts', 'it is the way out'),
    ...each(['node:dns/promises'], 'src/kernel/fetch.ts', 'it looks names up before it connects to what it found'),
    ...each(['ws'], 'src/kernel/socket.ts', 'it connects to the address that fetch.ts found good, and to no other'),
    ...each(['pg'], 'src/kernel/', 'the database is the house’s own, by the address that the operator set'),
    ...each(['pg-boss'], 'src/kernel/jobs.ts', 'jobs lie in the same database'),
    ...each(['nodemailer'], 'src/kernel/mail.ts', 'the house’s own mails go to the server that the operator set'),
    ...each(['@hono/node-server'], 'src/server.ts', 'it listens; nothing goes out'),
    ...each(['node:child_process', 'node:net'], 'src/kernel/postgres/', 'the embedded database is another program on this machine'),
    ...each(['raw HTML'], 'src/kernel/html/again.tsx', 'what was drawn once by escaping components is shown again as it is'),
    ...each(['raw HTML'], 'src/kernel/html/talk.tsx', 'the one component for HTML that the sanitiser has passed'),
    ...each(['node:worker_threads'], 'src/kernel/threads.ts', 'it starts modules of the house in threads of their own, and nothing else'),
    ...each(['node:dns'], 'channels/email/autoconfig.ts', 'it asks a domain for its mail servers (MX, SRV) and connects to none'),
  ],
  queries: [
    ...each(['inKernel'], 'src/social/channels/store.ts', called),
    ...each(['inKernel'], 'src/social/access/', signIn),
    ...each(['inKernel'], 'src/faces/api/store.ts', keys),
    ...each(
      ['CompiledQuery.raw', 'query'],
      'src/kernel/jobs.ts',
      'statements of pg-boss, in our transaction; the schema’s name is a constant',
    ),
    ...each(['query'], 'src/kernel/backup/', 'names of tables cannot be values; PostgreSQL’s own escaping is used'),
    ...each(
      ['sql.lit'],
      'src/areas/crm/store.ts',
      'how many rows a list takes must be known to the planner; it is a whole number by its schema',
    ),
    ...each(
      ['sql.lit'],
      'src/social/activities/store.ts',
      'how many rows a list takes must be known to the planner; it is a whole number by its schema',
    ),
    ...each(
      ['query'],
      'src/kernel/transaction.ts',
      'a transaction begins and is limited in one message; the organisation is a checked uuid',
    ),
    ...each(['query'], 'src/kernel/migrate.ts', 'names of roles cannot be values; PostgreSQL’s own escaping is used'),
  ],
  markup: [...each(['style'], 'src/social/rights/actions-readable.tsx', 'a copy is read from a disk, where our style sheets are not')],
  languages: [
    ...each(['Trefoil'], 'src/', 'the name is the same in all languages'),
    ...each(['GET', 'POST'], 'src/faces/api/pages.tsx', 'methods of HTTP are the same in all languages'),
    ...each(['text'], 'src/faces/web/kit-basics.tsx', samples),
    ...each(['text'], 'src/faces/web/kit-kept.tsx', samples),
    ...each(['text'], 'src/faces/web/kit-lists.tsx', samples),
    ...each(['text'], 'src/faces/web/kit-talk.tsx', samples),
  ],
  patterns: [],
  length: [],
  leaks: [],
}

export type ExceptionPart = 'walls' | 'tables' | 'networks' | 'doors' | 'queries' | 'markup' | 'languages' | 'patterns' | 'length' | 'leaks'
