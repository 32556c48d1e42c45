/** The maturity quiz, answered by what the system sees: six sections of one to three points, and the band of their sum. */
import { type Indicator, type Node, texts } from '#maturity/words.ts'
import { from, indicator, remembered, section, sourced } from './parts.ts'

const quiz = sourced('QUIZ')
const sections: Node[][] = [
  section('program', 1, texts('Program', 'Programm', 'Programma', 'Program'), quiz, [
    [texts('Experimenting', 'Es wird ausprobiert', 'Er wordt geëxperimenteerd', 'Man prövar sig fram'), quiz],
    [
      texts(
        'Long-term work that follows a strategy',
        'Langfristige Arbeit nach einer Strategie',
        'Werk op lange termijn volgens een strategie',
        'Långsiktigt arbete enligt en strategi',
      ),
      quiz,
      { op: 'all', of: ['i.goals', 'i.goalsReviewed'] },
    ],
    [
      texts(
        'All through the company, beyond marketing: product, support, research',
        'Durch das ganze Unternehmen, über Marketing hinaus: Produkt, Support, Forschung',
        'Door het hele bedrijf, verder dan marketing: product, support, onderzoek',
        'Genom hela företaget, bortom marknadsföring: produkt, support, forskning',
      ),
      quiz,
      { op: 'all', of: ['program.2', 'i.functionsAct'] },
    ],
  ]),
  section(
    'leadership',
    2,
    texts('Leadership and organisation', 'Führung und Organisation', 'Leiding en organisatie', 'Ledning och organisation'),
    quiz,
    [
      [
        texts(
          'No strategist and no model',
          'Niemand leitet es, keine Form ist gewählt',
          'Geen strateeg en geen model',
          'Ingen strateg och ingen modell',
        ),
        quiz,
      ],
      [
        texts(
          'Hub and spoke with a named strategist',
          'Nabe und Speichen mit einer benannten Leitung',
          'Naaf en spaken met een aangewezen strateeg',
          'Nav och ekrar med en utsedd strateg',
        ),
        quiz,
        { op: 'all', of: ['i.strategist', 'i.hub'] },
      ],
      [
        texts(
          'Several hubs or the whole company; units act with little guidance',
          'Mehrere Naben oder das ganze Unternehmen; Einheiten handeln mit wenig Anleitung',
          'Meerdere naven of het hele bedrijf; eenheden handelen met weinig sturing',
          'Flera nav eller hela företaget; enheter agerar med lite vägledning',
        ),
        quiz,
        { op: 'all', of: ['leadership.2', 'i.unitsIndependent'] },
      ],
    ],
  ),
  section(
    'processes',
    3,
    texts('Processes and policies', 'Abläufe und Leitlinien', 'Processen en beleid', 'Processer och policyer'),
    quiz,
    [
      [
        texts(
          'Nothing looked through, nothing laid down',
          'Nichts geprüft, nichts festgelegt',
          'Niets doorgelicht, niets vastgelegd',
          'Inget genomgånget, inget fastlagt',
        ),
        quiz,
      ],
      [
        texts(
          'Looked through, with processes and policies for the whole company',
          'Geprüft, mit Abläufen und Leitlinien für das ganze Unternehmen',
          'Doorgelicht, met processen en beleid voor het hele bedrijf',
          'Genomgånget, med processer och policyer för hela företaget',
        ),
        quiz,
        { op: 'all', of: ['i.policyCurrent', 'i.accountsOwned'] },
      ],
      [
        texts(
          'Clear ways of working across functions',
          'Klare Arbeitswege über Funktionen hinweg',
          'Heldere werkwijzen over functies heen',
          'Tydliga arbetssätt tvärs över funktioner',
        ),
        quiz,
        { op: 'all', of: ['processes.2', 'i.owned', 'i.handedOver'] },
      ],
    ],
  ),
  section('education', 4, texts('Education', 'Schulung', 'Scholing', 'Utbildning'), quiz, [
    [texts('None', 'Keine', 'Geen', 'Ingen'), quiz],
    [
      texts(
        'Begun, but not for everyone',
        'Begonnen, aber nicht für alle',
        'Begonnen, maar niet voor iedereen',
        'Påbörjad, men inte för alla',
      ),
      quiz,
      { op: 'all', of: ['i.trainingBegun'] },
    ],
    [
      texts('Formal, ongoing, for all', 'Fest, fortlaufend, für alle', 'Formeel, doorlopend, voor iedereen', 'Formell, löpande, för alla'),
      quiz,
      { op: 'all', of: ['i.trainingForAll'] },
    ],
  ]),
  section('measurement', 5, texts('Measurement', 'Messung', 'Meting', 'Mätning'), quiz, [
    [
      texts(
        'Clicks, fans, followers, shares',
        'Klicks, Fans, Follower, geteilte Beiträge',
        'Klikken, fans, volgers, gedeelde berichten',
        'Klick, fans, följare, delningar',
      ),
      quiz,
    ],
    [
      texts(
        'Social analytics: share of voice, resonance, word of mouth',
        'Soziale Analyse: Anteil am Gespräch, Resonanz, Weiterempfehlung',
        'Sociale analyse: aandeel in het gesprek, weerklank, mond-tot-mond',
        'Social analys: andel av samtalet, genklang, mun till mun',
      ),
      quiz,
      { op: 'all', of: ['i.analyticsReviewed'] },
    ],
    [
      texts(
        'Business figures: revenue, reputation, satisfaction',
        'Geschäftszahlen: Umsatz, Ruf, Zufriedenheit',
        'Bedrijfscijfers: omzet, reputatie, tevredenheid',
        'Affärstal: intäkter, anseende, nöjdhet',
      ),
      quiz,
      { op: 'all', of: ['i.businessMetric'] },
    ],
  ]),
  section('technology', 6, texts('Technology', 'Technik', 'Technologie', 'Teknik'), sourced('MASH'), [
    [texts('Tools that listen', 'Werkzeuge, die zuhören', 'Hulpmiddelen die luisteren', 'Verktyg som lyssnar'), remembered],
    [
      texts(
        'Platforms that grow along: community, management system',
        'Plattformen, die mitwachsen: Community, Verwaltungssystem',
        'Platforms die meegroeien: community, beheersysteem',
        'Plattformar som växer med: community, hanteringssystem',
      ),
      remembered,
      { op: 'all', of: ['i.platforms'] },
    ],
    [
      texts(
        'Joined with the other places where customers meet the company',
        'Verbunden mit den anderen Orten, an denen Kunden dem Unternehmen begegnen',
        'Verbonden met de andere plekken waar klanten het bedrijf treffen',
        'Ihopkopplat med de andra platserna där kunder möter företaget',
      ),
      remembered,
      { op: 'all', of: ['technology.2', 'i.coreJoined'] },
    ],
  ]),
]

const names = ['program', 'leadership', 'processes', 'education', 'measurement', 'technology']

export const nodes: Node[] = [
  {
    id: 'quiz',
    type: 'aspect',
    label: texts(
      'The quiz, answered by data',
      'Das Quiz, von Daten beantwortet',
      'De quiz, beantwoord door gegevens',
      'Frågorna, besvarade av data',
    ),
    text: texts(
      'Six sections give one to three points each. The limits of the bands are ours: up to 9, up to 14, up to 18.',
      'Sechs Abschnitte geben je einen bis drei Punkte. Die Grenzen der Stufen sind von uns: bis 9, bis 14, bis 18.',
      'Zes onderdelen geven elk één tot drie punten. De grenzen van de niveaus zijn van ons: tot 9, tot 14, tot 18.',
      'Sex avsnitt ger ett till tre poäng vardera. Gränserna för nivåerna är våra: till 9, till 14, till 18.',
    ),
    order: 1,
    indicators: [],
    rule: {
      op: 'firstMatch',
      cases: [
        { when: { of: { sum: names }, atLeast: 15 }, is: 'advanced' },
        { when: { of: { sum: names }, atLeast: 10 }, is: 'intermediate' },
        { when: true, is: 'novice' },
      ],
    },
    ...sourced('QUIZ'),
  },
  { id: 'novice', type: 'phase', order: 1, label: texts('Novice', 'Neuling', 'Beginner', 'Nybörjare'), indicators: [], ...quiz },
  {
    id: 'intermediate',
    type: 'phase',
    order: 2,
    label: texts('Intermediate', 'Fortgeschritten', 'Gevorderd', 'Medelnivå'),
    indicators: [],
    ...quiz,
  },
  {
    id: 'advanced',
    type: 'phase',
    order: 3,
    label: texts('Advanced', 'Weit fortgeschritten', 'Ver gevorderd', 'Avancerad'),
    indicators: [],
    ...quiz,
  },
  ...sections.flat(),
]

export const sectionNames = names

export const indicators: Indicator[] = [
  indicator({
    id: 'i.functionsAct',
    question: texts(
      'Do product, support and research take part, besides marketing?',
      'Sind neben Marketing auch Produkt, Support und Forschung beteiligt?',
      'Doen naast marketing ook product, support en onderzoek mee?',
      'Deltar produkt, support och forskning vid sidan av marknadsföring?',
    ),
    action: texts(
      'Bring in the function that is still missing',
      'Hol die Funktion dazu, die noch fehlt',
      'Haal de functie erbij die nog ontbreekt',
      'Ta in den funktion som ännu saknas',
    ),
    evidence: ['role', 'conversation'],
    measure: 'structure.activeFunctions',
    unit: 'count',
    windowDays: 90,
    scale: from(4),
    shows: 'followed',
  }),
  indicator({
    id: 'i.handedOver',
    question: texts(
      'Are at least 80 % of cases that go to another function taken up there within a day?',
      'Werden mindestens 80 % der Fälle, die in eine andere Funktion gehen, dort binnen eines Tages aufgenommen?',
      'Wordt minstens 80 % van de zaken die naar een andere functie gaan daar binnen een dag opgepakt?',
      'Tas minst 80 % av ärendena som går till en annan funktion upp där inom ett dygn?',
    ),
    action: texts(
      'Hand over with a note and a name',
      'Übergib mit einer Notiz und einem Namen',
      'Draag over met een notitie en een naam',
      'Lämna över med en anteckning och ett namn',
    ),
    evidence: ['conversation', 'role'],
    measure: 'triage.handedOverByCase',
    unit: 'share',
    windowDays: 90,
    minSample: 10,
    scale: from(0.8),
    shows: 'followed',
  }),
  indicator({
    id: 'i.trainingBegun',
    question: texts(
      'Did anyone finish a lesson this year?',
      'Hat in diesem Jahr jemand eine Schulung abgeschlossen?',
      'Heeft iemand dit jaar een les afgerond?',
      'Har någon gått klart en kurs i år?',
    ),
    action: texts('Offer a first lesson', 'Biete eine erste Schulung an', 'Bied een eerste les aan', 'Erbjud en första kurs'),
    evidence: ['training'],
    measure: 'training.completions',
    unit: 'count',
    scale: from(1),
    shows: 'followed',
  }),
  indicator({
    id: 'i.trainingForAll',
    question: texts(
      'Did at least 90 % of the staff finish a lesson this year?',
      'Haben in diesem Jahr mindestens 90 % der Belegschaft eine Schulung abgeschlossen?',
      'Heeft dit jaar minstens 90 % van de medewerkers een les afgerond?',
      'Har minst 90 % av personalen gått klart en kurs i år?',
    ),
    action: texts(
      'Invite those who have not taken part yet',
      'Lade die ein, die noch nicht dabei waren',
      'Nodig uit wie nog niet meedeed',
      'Bjud in dem som inte har deltagit än',
    ),
    evidence: ['training'],
    measure: 'training.completedByStaff',
    unit: 'share',
    scale: from(0.9),
    shows: 'followed',
  }),
  indicator({
    id: 'i.analyticsReviewed',
    question: texts(
      'Did someone look at share of voice or resonance in the last quarter?',
      'Hat im letzten Quartal jemand Gesprächsanteil oder Resonanz angesehen?',
      'Heeft iemand het laatste kwartaal naar gespreksaandeel of weerklank gekeken?',
      'Har någon tittat på samtalsandel eller genklang det senaste kvartalet?',
    ),
    action: texts(
      'Put share of voice on your report',
      'Nimm den Gesprächsanteil in deinen Bericht auf',
      'Zet gespreksaandeel in je rapport',
      'Ta med samtalsandelen i din rapport',
    ),
    evidence: ['mention', 'competitor', 'goal'],
    measure: 'goals.analyticsReviewed',
    unit: 'count',
    windowDays: 90,
    scale: from(1),
    shows: 'followed',
  }),
  indicator({
    id: 'i.businessMetric',
    question: texts(
      'Was at least one goal with a computed business figure reviewed in the last quarter?',
      'Wurde im letzten Quartal mindestens ein Ziel mit berechneter Geschäftszahl durchgesehen?',
      'Is het laatste kwartaal minstens één doel met een berekend bedrijfscijfer doorgenomen?',
      'Har minst ett mål med ett beräknat affärstal setts över det senaste kvartalet?',
    ),
    action: texts(
      'Tie a goal to revenue or satisfaction and review it',
      'Verbinde ein Ziel mit Umsatz oder Zufriedenheit und sieh es durch',
      'Koppel een doel aan omzet of tevredenheid en neem het door',
      'Knyt ett mål till intäkter eller nöjdhet och gå igenom det',
    ),
    evidence: ['goal', 'order', 'survey'],
    measure: 'goals.businessMetricReviewed',
    unit: 'count',
    windowDays: 90,
    scale: from(1),
    shows: 'followed',
  }),
  indicator({
    id: 'i.platforms',
    question: texts(
      'Do community and management system run on one platform?',
      'Laufen Community und Verwaltung auf einer Plattform?',
      'Draaien community en beheer op één platform?',
      'Körs community och hantering på en plattform?',
    ),
    action: texts(
      'Connect a second kind of channel',
      'Verbinde eine zweite Art von Kanal',
      'Koppel een tweede soort kanaal',
      'Anslut en andra sorts kanal',
    ),
    evidence: ['connector', 'attestation'],
    measure: 'connectors.kinds',
    unit: 'count',
    windowDays: 90,
    scale: from(2),
    shows: 'defined',
  }),
]
