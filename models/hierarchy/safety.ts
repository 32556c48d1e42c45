/** Level 2: get organised, with a team and a process for the bad day. Response and triage can be seen in the inbox alone. */
import { type Indicator, type Node, texts } from '#maturity/words.ts'
import { from, indicator, level, reconstructed, requirement, sourced, upTo, yes } from './parts.ts'

const requirements: Node[] = [
  requirement(
    'safety.team',
    texts(
      'A team: someone who leads social for the whole company, with roles from several functions',
      'Ein Team: jemand leitet Social für das ganze Unternehmen, mit Rollen aus mehreren Funktionen',
      'Een team: iemand leidt social voor het hele bedrijf, met rollen uit meerdere functies',
      'Ett team: någon leder det sociala för hela företaget, med roller från flera funktioner',
    ),
    sourced('SMC', 'FISH'),
    ['i.strategist', 'i.crossTeam'],
  ),
  requirement(
    'safety.model',
    texts(
      'A chosen way to organise',
      'Eine gewählte Form der Organisation',
      'Een gekozen organisatievorm',
      'Ett valt sätt att organisera sig',
    ),
    sourced('FISH'),
    ['i.formChosen'],
  ),
  requirement(
    'safety.crisis',
    texts('A process for crises', 'Ein Ablauf für Krisen', 'Een proces voor crises', 'En process för kriser'),
    sourced('SMC'),
    ['i.crisisProcess'],
  ),
  requirement(
    'safety.triage',
    texts(
      'A response and triage process for the whole company',
      'Ein Ablauf für Antwort und Verteilung im ganzen Unternehmen',
      'Een proces voor reactie en verdeling in het hele bedrijf',
      'En process för svar och fördelning i hela företaget',
    ),
    sourced('ALT-READ', 'NEV', 'EARN'),
    ['i.owned'],
  ),
  requirement(
    'safety.rehearsal',
    texts(
      'A crisis that was rehearsed, and a list of whom to call',
      'Eine geprobte Krise und eine Liste, wen man anruft',
      'Een geoefende crisis en een bellijst',
      'En övad kris och en lista över vem man ringer',
    ),
    reconstructed,
    ['i.drill', 'i.contactTree', 'i.firstStatement'],
  ),
]

export const nodes: Node[] = [
  level(
    'safety',
    texts('Safety', 'Sicherheit', 'Veiligheid', 'Trygghet'),
    texts(
      'Get organised: a team and a process for the bad day.',
      'Organisiere dich: ein Team und ein Ablauf für den schlechten Tag.',
      'Organiseer je: een team en een proces voor de slechte dag.',
      'Organisera dig: ett team och en process för den dåliga dagen.',
    ),
    sourced('SMC', 'EARN', 'SEED-NL'),
    requirements,
  ),
  ...requirements,
]

export const indicators: Indicator[] = [
  indicator({
    id: 'i.strategist',
    question: texts(
      'Is there someone who leads social for the whole company?',
      'Gibt es jemanden, der Social für das ganze Unternehmen leitet?',
      'Is er iemand die social voor het hele bedrijf leidt?',
      'Finns det någon som leder det sociala för hela företaget?',
    ),
    action: texts('Name that person', 'Benenne diese Person', 'Wijs die persoon aan', 'Utse den personen'),
    evidence: ['role', 'attestation'],
    measure: 'roles.strategist',
    unit: 'yes',
    scale: yes,
    shows: 'defined',
  }),
  indicator({
    id: 'i.crossTeam',
    question: texts(
      'Do people from at least two functions work in that team?',
      'Arbeiten in diesem Team Menschen aus mindestens zwei Funktionen?',
      'Werken in dat team mensen uit minstens twee functies?',
      'Arbetar personer från minst två funktioner i det teamet?',
    ),
    action: texts(
      'Bring someone from another function into the team',
      'Hol jemanden aus einer anderen Funktion ins Team',
      'Haal iemand uit een andere functie in het team',
      'Ta in någon från en annan funktion i teamet',
    ),
    evidence: ['role'],
    measure: 'structure.activeUnits',
    unit: 'count',
    windowDays: 90,
    scale: from(2),
    shows: 'followed',
  }),
  indicator({
    id: 'i.formChosen',
    question: texts(
      'Did we decide how we organise: centrally, hub and spoke, or otherwise?',
      'Haben wir entschieden, wie wir uns organisieren: zentral, Nabe und Speichen oder anders?',
      'Hebben we besloten hoe we ons organiseren: centraal, naaf en spaken, of anders?',
      'Har vi bestämt hur vi organiserar oss: centralt, nav och ekrar eller på annat sätt?',
    ),
    action: texts(
      'Decide on one form and write it down',
      'Entscheide dich für eine Form und schreib sie auf',
      'Kies één vorm en leg die vast',
      'Välj en form och skriv ner den',
    ),
    evidence: ['role', 'attestation'],
    measure: 'organisation.formChosen',
    unit: 'yes',
    scale: yes,
    shows: 'defined',
  }),
  indicator({
    id: 'i.crisisProcess',
    question: texts(
      'Is a process for crises in force?',
      'Gilt ein Ablauf für Krisen?',
      'Is er een crisisproces van kracht?',
      'Finns det en gällande krisprocess?',
    ),
    action: texts(
      'Write down who decides what in a crisis',
      'Schreib auf, wer in einer Krise was entscheidet',
      'Leg vast wie in een crisis wat beslist',
      'Skriv ner vem som beslutar vad i en kris',
    ),
    evidence: ['policy', 'incident', 'attestation'],
    measure: 'crisis.processInForce',
    unit: 'yes',
    scale: yes,
    shows: 'defined',
  }),
  indicator({
    id: 'i.owned',
    question: texts(
      'Does someone take at least 90 % of incoming conversations within a day?',
      'Übernimmt jemand mindestens 90 % der eingehenden Gespräche innerhalb eines Tages?',
      'Pakt iemand minstens 90 % van de binnenkomende gesprekken binnen een dag op?',
      'Tar någon hand om minst 90 % av inkommande samtal inom ett dygn?',
    ),
    action: texts(
      'Assign or answer new conversations on the day they arrive',
      'Weise neue Gespräche am Tag ihrer Ankunft zu oder beantworte sie',
      'Wijs nieuwe gesprekken toe of beantwoord ze op de dag dat ze binnenkomen',
      'Tilldela eller besvara nya samtal samma dag som de kommer in',
    ),
    evidence: ['conversation'],
    measure: 'triage.ownedByConversation',
    unit: 'share',
    windowDays: 90,
    minSample: 5,
    maxAgeDays: 45,
    scale: from(0.9),
    shows: 'followed',
  }),
  indicator({
    id: 'i.drill',
    question: texts(
      'Was a crisis rehearsed, or a real one handled, within twelve months?',
      'Wurde binnen zwölf Monaten eine Krise geprobt oder eine echte bewältigt?',
      'Is er binnen twaalf maanden een crisis geoefend of een echte afgehandeld?',
      'Har en kris övats, eller en verklig hanterats, inom tolv månader?',
    ),
    action: texts(
      'Rehearse a crisis for an hour',
      'Probe eine Stunde lang eine Krise',
      'Oefen een uur lang een crisis',
      'Öva en kris i en timme',
    ),
    evidence: ['incident'],
    measure: 'crisis.drills',
    unit: 'count',
    scale: from(1),
    shows: 'followed',
  }),
  indicator({
    id: 'i.contactTree',
    question: texts(
      'Is it written down whom to call, in which order?',
      'Steht fest, wer in welcher Reihenfolge angerufen wird?',
      'Ligt vast wie in welke volgorde wordt gebeld?',
      'Är det nedskrivet vem man ringer, i vilken ordning?',
    ),
    action: texts(
      'Write the list and give it to everyone on it',
      'Schreib die Liste und gib sie allen, die darauf stehen',
      'Maak de lijst en geef hem aan iedereen die erop staat',
      'Skriv listan och ge den till alla som står på den',
    ),
    evidence: ['incident', 'policy', 'attestation'],
    measure: 'crisis.contactTree',
    unit: 'yes',
    scale: yes,
    shows: 'defined',
  }),
  indicator({
    id: 'i.firstStatement',
    question: texts(
      'Did the first public word in a crisis or drill come within four hours?',
      'Kam das erste öffentliche Wort in einer Krise oder Probe binnen vier Stunden?',
      'Kwam het eerste openbare woord in een crisis of oefening binnen vier uur?',
      'Kom det första offentliga beskedet i en kris eller övning inom fyra timmar?',
    ),
    action: texts(
      'Prepare a first statement that only needs filling in',
      'Bereite eine erste Erklärung vor, die man nur noch ausfüllt',
      'Bereid een eerste verklaring voor die je alleen hoeft in te vullen',
      'Förbered ett första besked som bara behöver fyllas i',
    ),
    evidence: ['incident'],
    measure: 'crisis.firstStatement',
    unit: 'minutes',
    scale: upTo(240),
    shows: 'followed',
  }),
]
