/** A list of contacts in a text file, as spreadsheets and address books write it. */
import type { NewHandle, SideName } from '#social/people/words.ts'
import type { Player, Tier } from '#social/traits/words.ts'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

export const delimiters = [',', ';', 'tab'] as const
export type Delimiter = (typeof delimiters)[number]

/** How a table is read. */
export interface Table {
  encoding: Encoding
  delimiter: Delimiter
  /** Its first line names the columns. */
  heads: boolean
}

/** What a column may mean; besides these, `network:<name>` is an address there, and `own:<id>` a field of the organisation's own. */
export const fields = ['name', 'firstName', 'lastName', 'company', 'about', 'language', 'side', 'tier', 'player', 'lists'] as const
export type Field = (typeof fields)[number]

/** Somebody as a line tells of them. */
export interface Contact {
  name: string
  company: string
  about: string
  language: string
  side: SideName | null
  tier: Tier | null
  player: Player | null
  /** Names of lists. */
  lists: string[]
  /** What stands in columns of the organisation's own fields; their type is judged when it is kept. */
  values: { field: string; value: string }[]
  handles: Pick<NewHandle, 'network' | 'address' | 'normal'>[]
}

// —— by which words columns and what stands in them are known, as they are compared: small letters without accents ——

export const headWords: Record<Field, string[]> = {
  name: [
    'name',
    'full name',
    'display name',
    'contact',
    'vollstandiger name',
    'kontakt',
    'naam',
    'volledige naam',
    'namn',
    'fullstandigt namn',
  ],
  firstName: ['first name', 'firstname', 'given name', 'vorname', 'voornaam', 'fornamn'],
  lastName: ['last name', 'lastname', 'surname', 'family name', 'nachname', 'achternaam', 'efternamn'],
  company: ['company', 'organisation', 'organization', 'organization name', 'firma', 'unternehmen', 'bedrijf', 'organisatie', 'foretag'],
  about: [
    'notes',
    'note',
    'about',
    'comment',
    'comments',
    'notizen',
    'notiz',
    'bemerkung',
    'notities',
    'opmerking',
    'anteckningar',
    'anteckning',
  ],
  language: ['language', 'sprache', 'taal', 'sprak'],
  side: ['side', 'relation', 'relation to us', 'beziehung', 'beziehung zu uns', 'relatie', 'relatie met ons', 'relation till oss'],
  tier: ['tier', 'stufe', 'niveau', 'niva'],
  player: ['role around us', 'rolle in unserem umfeld', 'rol om ons heen', 'roll kring oss'],
  lists: ['list', 'lists', 'liste', 'listen', 'lijst', 'lijsten', 'lista', 'listor'],
}

export const languageWords: Record<string, string[]> = {
  en: ['en', 'english', 'englisch', 'engels', 'engelska'],
  de: ['de', 'german', 'deutsch', 'duits', 'tyska'],
  nl: ['nl', 'dutch', 'niederlandisch', 'nederlands', 'nederlandska'],
  sv: ['sv', 'se', 'swedish', 'schwedisch', 'zweeds', 'svenska'],
}

export const sideWords: Record<Exclude<SideName, 'colleague'>, string[]> = {
  customer: ['customer', 'client', 'kunde', 'kundin', 'klant', 'kund'],
  supplier: ['supplier', 'vendor', 'lieferant', 'leverancier', 'leverantor'],
  partner: ['partner'],
  prospect: ['prospect', 'lead', 'interessent', 'interessentin'],
}

export const tierWords: Record<Tier, string[]> = {
  vip: ['vip'],
  key: ['key', 'key contact', 'schlusselkontakt', 'sleutelcontact', 'nyckelkontakt'],
  standard: ['standard', 'standaard'],
}

/** The names by which a list of ours leaves, in our languages. */
export const playerWords: Record<Player, string[]> = {
  media: ['media', 'traditional media', 'klassische medien', 'traditionele media', 'traditionella medier'],
  blogger: ['blogger', 'blogger, trend maker', 'blogger, trendsetter', 'blogger, trendmaker', 'bloggare, trendskapare'],
  influencer: [
    'influencer',
    'new influencer, trust agent',
    'neue meinungsmacher, vertrauenspersonen',
    'nieuwe influencer, vertrouwenspersoon',
    'ny opinionsbildare, fortroendeperson',
  ],
  tastemaker: [
    'tastemaker',
    'tastemaker, magic middle',
    'geschmacksbildner, „magische mitte“',
    'smaakmaker, ‘magic middle’',
    'smakskapare, ”magiska mitten”',
  ],
  advocate: [
    'advocate',
    'advocate, stakeholder',
    'fursprecher, interessenvertreter',
    'pleitbezorger, belanghebbende',
    'foresprakare, intressent',
  ],
  champion: ['champion', 'kampioen', 'ambassador'],
}
