/** Level 3: connect the units, so that less is done twice. */
import { type Indicator, type Node, texts } from '#maturity/words.ts'
import { from, indicator, level, reconstructed, requirement, sourced, upTo, yes } from './parts.ts'

const requirements: Node[] = [
  requirement(
    'formation.teams',
    texts(
      'Teams from several parts of the company',
      'Teams aus mehreren Teilen des Unternehmens',
      'Teams uit verschillende delen van het bedrijf',
      'Team från flera delar av företaget',
    ),
    sourced('SEED-NL'),
    ['i.threeUnits'],
  ),
  requirement(
    'formation.hub',
    texts(
      'A hub that helps the others',
      'Eine Nabe, die den anderen hilft',
      'Een naaf die de anderen helpt',
      'Ett nav som hjälper de andra',
    ),
    sourced('EARN'),
    ['i.hub'],
  ),
  requirement(
    'formation.inventory',
    texts(
      'A register of all accounts, tidied up',
      'Ein aufgeräumtes Verzeichnis aller Konten',
      'Een opgeruimd register van alle accounts',
      'Ett uppstädat register över alla konton',
    ),
    reconstructed,
    ['i.accountsOwned', 'i.noDuplicates'],
  ),
  requirement(
    'formation.shared',
    texts(
      'Shared tools and content',
      'Gemeinsame Werkzeuge und Inhalte',
      'Gedeelde hulpmiddelen en inhoud',
      'Gemensamma verktyg och innehåll',
    ),
    reconstructed,
    ['i.contentShared'],
  ),
]

export const nodes: Node[] = [
  level(
    'formation',
    texts('Formation', 'Formation', 'Formatie', 'Formering'),
    texts(
      'Connect the units: more coordination, less done twice.',
      'Verbinde die Einheiten: mehr Abstimmung, weniger Doppeltes.',
      'Verbind de eenheden: meer afstemming, minder dubbel werk.',
      'Koppla ihop enheterna: mer samordning, mindre dubbelarbete.',
    ),
    sourced('SMC', 'EARN', 'SEED-NL'),
    requirements,
  ),
  ...requirements,
]

export const indicators: Indicator[] = [
  indicator({
    id: 'i.threeUnits',
    question: texts(
      'Do at least three units publish or answer?',
      'Veröffentlichen oder antworten mindestens drei Einheiten?',
      'Publiceren of antwoorden minstens drie eenheden?',
      'Publicerar eller svarar minst tre enheter?',
    ),
    action: texts(
      'Invite people from another unit',
      'Lade Menschen aus einer weiteren Einheit ein',
      'Nodig mensen uit een andere eenheid uit',
      'Bjud in personer från en annan enhet',
    ),
    evidence: ['role', 'conversation'],
    measure: 'structure.activeUnits',
    unit: 'count',
    windowDays: 90,
    scale: from(3),
    shows: 'followed',
  }),
  indicator({
    id: 'i.hub',
    question: texts(
      'Is there a team that approves or coaches the others?',
      'Gibt es ein Team, das die anderen freigibt oder anleitet?',
      'Is er een team dat de anderen goedkeurt of begeleidt?',
      'Finns det ett team som godkänner eller handleder de andra?',
    ),
    action: texts(
      'Name the team and tell everyone that it is there to help',
      'Benenne das Team und sag allen, dass es zum Helfen da ist',
      'Wijs het team aan en vertel iedereen dat het er is om te helpen',
      'Utse teamet och berätta för alla att det finns där för att hjälpa',
    ),
    evidence: ['role', 'attestation'],
    measure: 'structure.hubUnit',
    unit: 'yes',
    scale: yes,
    shows: 'defined',
  }),
  indicator({
    id: 'i.accountsOwned',
    question: texts(
      'Does at least 95 % of our accounts have an owner and a purpose?',
      'Haben mindestens 95 % unserer Konten eine zuständige Person und einen Zweck?',
      'Heeft minstens 95 % van onze accounts een eigenaar en een doel?',
      'Har minst 95 % av våra konton en ägare och ett syfte?',
    ),
    action: texts(
      'Enter owner and purpose, or close the account',
      'Trag Zuständigkeit und Zweck ein, oder schließ das Konto',
      'Vul eigenaar en doel in, of sluit het account',
      'Ange ägare och syfte, eller avsluta kontot',
    ),
    evidence: ['accountRegister'],
    measure: 'accounts.ownedByAccount',
    unit: 'share',
    scale: from(0.95),
    shows: 'followed',
  }),
  indicator({
    id: 'i.noDuplicates',
    question: texts(
      'Do at most 5 % of our accounts serve the same purpose in the same region?',
      'Dienen höchstens 5 % unserer Konten demselben Zweck in derselben Region?',
      'Dient hoogstens 5 % van onze accounts hetzelfde doel in dezelfde regio?',
      'Tjänar högst 5 % av våra konton samma syfte i samma region?',
    ),
    action: texts(
      'Merge accounts that do the same',
      'Leg Konten zusammen, die dasselbe tun',
      'Voeg accounts samen die hetzelfde doen',
      'Slå ihop konton som gör samma sak',
    ),
    evidence: ['accountRegister'],
    measure: 'accounts.duplicateByAccount',
    unit: 'share',
    scale: upTo(0.05),
    shows: 'followed',
  }),
  indicator({
    id: 'i.contentShared',
    question: texts(
      'Is at least a tenth of our content used by another unit as well?',
      'Wird mindestens ein Zehntel unserer Inhalte auch von einer anderen Einheit genutzt?',
      'Wordt minstens een tiende van onze inhoud ook door een andere eenheid gebruikt?',
      'Används minst en tiondel av vårt innehåll också av en annan enhet?',
    ),
    action: texts(
      'Share what worked with the other units',
      'Teile, was gut lief, mit den anderen Einheiten',
      'Deel wat werkte met de andere eenheden',
      'Dela det som fungerade med de andra enheterna',
    ),
    evidence: ['content', 'internalPost'],
    measure: 'content.reusedByItem',
    unit: 'share',
    minSample: 20,
    scale: from(0.1),
    shows: 'followed',
  }),
]
