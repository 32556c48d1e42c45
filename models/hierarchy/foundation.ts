/** Level 1: first a plan, and the rules that let staff take part safely. */
import { type Indicator, type Node, texts } from '#maturity/words.ts'
import { from, indicator, level, requirement, sourced, upTo } from './parts.ts'

const requirements: Node[] = [
  requirement(
    'foundation.plan',
    texts('Business goals and a plan', 'Geschäftsziele und ein Plan', 'Bedrijfsdoelen en een plan', 'Affärsmål och en plan'),
    sourced('SMC', 'SEED-NL'),
    ['i.goals', 'i.goalsReviewed'],
  ),
  requirement(
    'foundation.policy',
    texts(
      'A policy that says what is expected of staff',
      'Eine Leitlinie, die sagt, was von Mitarbeitenden erwartet wird',
      'Beleid dat zegt wat van medewerkers wordt verwacht',
      'En policy som säger vad som väntas av medarbetarna',
    ),
    sourced('SEED-NL', 'LEWEB'),
    ['i.policyCurrent', 'i.policyAcknowledged'],
  ),
  requirement(
    'foundation.education',
    texts(
      'Internal education, at least so far that everyone knows the policy and speaks alike',
      'Interne Schulung, mindestens so weit, dass alle die Leitlinie kennen und gleich handeln',
      'Interne scholing, minstens zo ver dat iedereen het beleid kent en op één lijn zit',
      'Intern utbildning, åtminstone så att alla känner policyn och agerar lika',
    ),
    sourced('SEED-NL', 'LEWEB'),
    ['i.trained'],
  ),
  requirement(
    'foundation.access',
    texts(
      'Access to tools and platforms',
      'Zugang zu Werkzeugen und Plattformen',
      'Toegang tot hulpmiddelen en platforms',
      'Tillgång till verktyg och plattformar',
    ),
    sourced('SEED-NL', 'NEV'),
    ['i.access'],
  ),
  requirement(
    'foundation.reinforcement',
    texts(
      'A way to refresh what people know of the policy',
      'Ein Weg, das Wissen über die Leitlinie aufzufrischen',
      'Een manier om de kennis van het beleid op te frissen',
      'Ett sätt att friska upp kunskapen om policyn',
    ),
    sourced('NEV'),
    ['i.policyRefreshed'],
  ),
]

export const nodes: Node[] = [
  level(
    'foundation',
    texts('Foundation', 'Fundament', 'Fundatie', 'Grund'),
    texts(
      'First a business plan, and the rules of the house.',
      'Zuerst ein Geschäftsplan und die Regeln des Hauses.',
      'Eerst een bedrijfsplan en de huisregels.',
      'Först en affärsplan och husets regler.',
    ),
    sourced('SMC', 'EARN', 'SEED-NL'),
    requirements,
  ),
  ...requirements,
]

export const indicators: Indicator[] = [
  indicator({
    id: 'i.goals',
    question: texts(
      'Is there at least one business goal with a target?',
      'Gibt es mindestens ein Geschäftsziel mit einem Zielwert?',
      'Is er minstens één bedrijfsdoel met een streefwaarde?',
      'Finns det minst ett affärsmål med ett målvärde?',
    ),
    action: texts(
      'Write down one business goal, its target and its owner',
      'Schreib ein Geschäftsziel mit Zielwert und verantwortlicher Person auf',
      'Leg één bedrijfsdoel vast, met streefwaarde en eigenaar',
      'Skriv ner ett affärsmål med målvärde och ansvarig',
    ),
    evidence: ['goal', 'attestation'],
    measure: 'goals.withTarget',
    unit: 'count',
    scale: from(1),
    shows: 'defined',
  }),
  indicator({
    id: 'i.goalsReviewed',
    question: texts(
      'Were the goals looked at in the last quarter?',
      'Wurden die Ziele im letzten Quartal angesehen?',
      'Zijn de doelen het laatste kwartaal bekeken?',
      'Har målen setts över det senaste kvartalet?',
    ),
    action: texts(
      'Review the goals and note what you decided',
      'Sieh die Ziele durch und halte fest, was du entschieden hast',
      'Neem de doelen door en noteer wat je besloot',
      'Gå igenom målen och notera vad du beslutade',
    ),
    evidence: ['goal'],
    measure: 'goals.reviewedByGoal',
    unit: 'share',
    windowDays: 90,
    scale: from(0.8),
    shows: 'followed',
  }),
  indicator({
    id: 'i.policyCurrent',
    question: texts(
      'Is the policy approved and not older than twelve months?',
      'Ist die Leitlinie beschlossen und nicht älter als zwölf Monate?',
      'Is het beleid vastgesteld en niet ouder dan twaalf maanden?',
      'Är policyn beslutad och inte äldre än tolv månader?',
    ),
    action: texts(
      'Publish the policy, or renew it',
      'Veröffentliche die Leitlinie oder erneuere sie',
      'Publiceer het beleid of vernieuw het',
      'Publicera policyn eller förnya den',
    ),
    evidence: ['policy', 'attestation'],
    measure: 'policy.ageDays',
    unit: 'days',
    scale: upTo(365),
    shows: 'defined',
  }),
  indicator({
    id: 'i.policyAcknowledged',
    question: texts(
      'Did at least 90 % of those who may publish sign the policy?',
      'Haben mindestens 90 % derer, die veröffentlichen dürfen, die Leitlinie bestätigt?',
      'Heeft minstens 90 % van wie mag publiceren het beleid bevestigd?',
      'Har minst 90 % av dem som får publicera bekräftat policyn?',
    ),
    action: texts(
      'Ask those who have not signed yet',
      'Bitte die, die noch nicht bestätigt haben',
      'Vraag het wie nog niet bevestigd heeft',
      'Påminn dem som inte har bekräftat än',
    ),
    evidence: ['policy', 'role'],
    measure: 'policy.acknowledgedByPublisher',
    unit: 'share',
    scale: from(0.9),
    shows: 'followed',
  }),
  indicator({
    id: 'i.trained',
    question: texts(
      'Did at least 80 % of those who may publish finish the basic lesson?',
      'Haben mindestens 80 % derer, die veröffentlichen dürfen, die Grundschulung abgeschlossen?',
      'Heeft minstens 80 % van wie mag publiceren de basisles afgerond?',
      'Har minst 80 % av dem som får publicera gått grundkursen?',
    ),
    action: texts(
      'Offer the basic lesson to those who lack it',
      'Biete die Grundschulung denen an, die sie noch nicht haben',
      'Bied de basisles aan wie die nog niet heeft gehad',
      'Erbjud grundkursen till dem som saknar den',
    ),
    evidence: ['training', 'role'],
    measure: 'training.completedByPublisher',
    unit: 'share',
    scale: from(0.8),
    shows: 'followed',
  }),
  indicator({
    id: 'i.access',
    question: texts(
      'Can at least half of the staff use the tools for their work?',
      'Kann mindestens die Hälfte der Belegschaft die Werkzeuge für ihre Arbeit nutzen?',
      'Kan minstens de helft van de medewerkers de hulpmiddelen voor het werk gebruiken?',
      'Kan minst hälften av personalen använda verktygen i sitt arbete?',
    ),
    action: texts('Invite more colleagues', 'Lade mehr Kolleginnen und Kollegen ein', 'Nodig meer collega’s uit', 'Bjud in fler kollegor'),
    evidence: ['role', 'denominator', 'attestation'],
    measure: 'access.byStaff',
    unit: 'share',
    scale: from(0.5),
    shows: 'defined',
  }),
  indicator({
    id: 'i.policyRefreshed',
    question: texts(
      'Did at least 70 % refresh their knowledge of the policy within a year?',
      'Haben mindestens 70 % ihr Wissen über die Leitlinie binnen eines Jahres aufgefrischt?',
      'Heeft minstens 70 % de kennis van het beleid binnen een jaar opgefrist?',
      'Har minst 70 % friskat upp sin kunskap om policyn inom ett år?',
    ),
    action: texts(
      'Plan a short reminder twice a year',
      'Plane zweimal im Jahr eine kurze Erinnerung',
      'Plan twee keer per jaar een korte opfrisser',
      'Planera en kort påminnelse två gånger om året',
    ),
    evidence: ['policy', 'training'],
    measure: 'policy.refreshedByPublisher',
    unit: 'share',
    scale: from(0.7),
    shows: 'followed',
  }),
]
