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
      'merges',
      'directory',
      'access',
      'members',
      'graph',
      'search',
      'content',
      'notifications',
      'threads',
      'channels',
      'intake',
      'outbox',
      'imports',
    ],
    inside: 'leftward',
    opens: doors,
  },
  {
    name: 'areas',
    folder: 'src/areas',
    modules: ['marketing', 'commerce', 'crm', 'communities', 'collaboration', 'knowledge', 'governance'],
    inside: 'apart',
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

/** Each list belongs to one part of the check. An entry that is no longer needed is itself a fault, so that the lists stay true. */
export const exceptions = {
  walls: [] as Exception[],
  tables: [] as Exception[],
  networks: [] as Exception[],
  doors: [
    { at: 'src/kernel/fetch.ts', what: 'undici', because: 'it is the way out' },
    { at: 'src/kernel/fetch.ts', what: 'node:dns/promises', because: 'it looks names up before it connects to what it found' },
  ] as Exception[],
  queries: [] as Exception[],
  markup: [] as Exception[],
  languages: [] as Exception[],
  patterns: [] as Exception[],
  length: [] as Exception[],
  leaks: [] as Exception[],
}
