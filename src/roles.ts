/** Who may do what: the one table that every door reads. A permission is a row; custom roles will be further columns. */
import type { Permission } from '#kernel/permissions.ts'

const everyone = ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const
const colleagues = ['owner', 'administrator', 'manager', 'agent', 'member'] as const
const agents = ['owner', 'administrator', 'manager', 'agent'] as const
const managers = ['owner', 'administrator', 'manager'] as const
const administrators = ['owner', 'administrator'] as const
const owners = ['owner'] as const

export const roles = {
  'self.manage': { says: 'See and change one’s own profile, sign-in, drafts and notifications', roles: everyone },
  'home.read': { says: 'See the start page', roles: everyone },
  'people.read': { says: 'See people, their handles and their history', roles: agents },
  'people.mention': { says: 'Find colleagues to mention them', roles: colleagues },
  'people.write': { says: 'Add and change people, merge and separate them', roles: agents },
  'people.setup': { says: 'Define what is kept of people: fields, purposes and consent texts', roles: managers },
  'rights.manage': { says: 'Answer what people ask about their data: copies, erasures, legal holds', roles: managers },
  'rights.rules': { says: 'Choose after how long what is kept ends by itself', roles: administrators },
  'people.follow': { says: 'Follow and block', roles: colleagues },
  'content.react': { says: 'React, tag and comment where one may read', roles: colleagues },
  'content.moderate': { says: 'Remove what others wrote', roles: managers },
  'search.read': { says: 'Search in everything that one may read', roles: colleagues },
  'spaces.read': { says: 'See spaces and their members', roles: colleagues },
  'spaces.manage': { says: 'Make spaces and choose their members', roles: managers },
  'threads.read': { says: 'Read threads with customers', roles: agents },
  'threads.write': { says: 'Write notes and answers in threads', roles: agents },
  'inbox.read': { says: 'See the inbox', roles: agents },
  'inbox.work': { says: 'Answer, assign, snooze, label and finish conversations', roles: agents },
  'teams.read': { says: 'See teams, their hours, members and skills, and who is away', roles: agents },
  'teams.manage': { says: 'Make and change teams, their members and skills; note who is away', roles: managers },
  'cases.read': { says: 'See cases', roles: agents },
  'cases.work': { says: 'Open, change, assign and close cases', roles: agents },
  'cases.manage': { says: 'Choose types of cases, their fields, their service levels and when they open again', roles: managers },
  'routing.read': { says: 'See the rules, what they did and why', roles: agents },
  'routing.manage': { says: 'Make and change the rules by which things go to people', roles: managers },
  'satisfaction.read': { says: 'See what people answered to surveys, and the results', roles: agents },
  'satisfaction.manage': { says: 'Make and change surveys, let them rest', roles: managers },
  'sales.read': { says: 'See leads and opportunities', roles: agents },
  'sales.work': { says: 'Add, change, move and close leads and opportunities', roles: agents },
  'sales.forecast': { says: 'See what is expected and what was won, by month and by colleague', roles: managers },
  'sales.manage': { says: 'Choose the stages of opportunities, the reasons of their ends and the usual currency', roles: managers },
  'records.read': { says: 'See records of other systems, such as orders and invoices', roles: agents },
  'records.write': { says: 'Bring records in and take them out as a table', roles: managers },
  'records.manage': { says: 'Define kinds of records, their fields, and by which ways they come in', roles: managers },
  'posts.read': { says: 'See drafts, what is planned and what was published', roles: agents },
  'posts.write': { says: 'Write drafts of posts', roles: agents },
  'posts.publish': { says: 'Publish posts, plan and move them, take them back; choose when accounts post', roles: managers },
  'channels.read': { says: 'See which accounts are connected and how they are', roles: agents },
  'channels.manage': { says: 'Connect and remove accounts', roles: administrators },
  'channels.own': { says: 'Connect a mailbox of one’s own, and let colleagues into it', roles: agents },
  'outbox.hold': { says: 'Stop everything that leaves, and let it go on', roles: managers },
  'imports.run': { says: 'Import messages and contacts', roles: administrators },
  'measures.read': { says: 'See measures and the activities behind them', roles: managers },
  'models.read': { says: 'See models and their evidence', roles: managers },
  'models.write': { says: 'Copy and change models, attest facts', roles: administrators },
  'hooks.manage': { says: 'Have other programs told what happens, and see what they were told', roles: administrators },
  'members.manage': { says: 'Invite colleagues, change roles, suspend', roles: administrators },
  'organisation.manage': { says: 'Change the organisation, its hours and texts; see the audit', roles: administrators },
  'organisation.remove': { says: 'Remove the organisation or the demonstration', roles: owners },
  'operation.read': { says: 'See health, jobs and dead letters', roles: administrators },
  'operation.manage': { says: 'Run and discard dead letters', roles: administrators },
  'keys.manage': { says: 'Make and revoke one’s own personal keys', roles: colleagues },
} satisfies Record<string, Permission>
