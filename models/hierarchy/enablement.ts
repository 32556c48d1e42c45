/** Level 4: let the units prosper, with support and the freedom to reach their goals. */
import { type Indicator, type Node, texts } from '#maturity/words.ts'
import { from, indicator, level, requirement, sourced } from './parts.ts'

const requirements: Node[] = [
  requirement(
    'enablement.training',
    texts('Training that goes on', 'Schulung, die weitergeht', 'Training die doorgaat', 'Utbildning som fortsätter'),
    sourced('SEED-NL', 'ALT-READ'),
    ['i.trainingOngoing'],
  ),
  requirement('enablement.measurement', texts('Measurement', 'Messung', 'Meting', 'Mätning'), sourced('SEED-NL'), ['i.goalsMeasured']),
  requirement(
    'enablement.learning',
    texts(
      'Learning from each other: what works is passed on',
      'Voneinander lernen: Was gut läuft, wird weitergegeben',
      'Van elkaar leren: wat werkt wordt doorgegeven',
      'Lära av varandra: det som fungerar förs vidare',
    ),
    sourced('SEED-NL', 'ALT-READ'),
    ['i.practiceShared'],
  ),
  requirement(
    'enablement.order',
    texts(
      'For each unit in this order: training, process, technology',
      'Für jede Einheit in dieser Folge: Schulung, Ablauf, Technik',
      'Voor elke eenheid in deze volgorde: training, proces, technologie',
      'För varje enhet i denna ordning: utbildning, process, teknik',
    ),
    sourced('EARN'),
    ['i.unitOrder', 'i.unitsIndependent'],
  ),
]

export const nodes: Node[] = [
  level(
    'enablement',
    texts('Enablement', 'Befähigung', 'In staat stellen', 'Möjliggörande'),
    texts(
      'Grow by letting the units prosper: support, and freedom to reach their goals.',
      'Wachse, indem du die Einheiten gedeihen lässt: Unterstützung und Freiheit für ihre Ziele.',
      'Groei door de eenheden te laten bloeien: steun, en vrijheid om hun doelen te halen.',
      'Väx genom att låta enheterna blomstra: stöd och frihet att nå sina mål.',
    ),
    sourced('SMC', 'EARN', 'SEED-NL'),
    requirements,
  ),
  ...requirements,
]

export const indicators: Indicator[] = [
  indicator({
    id: 'i.trainingOngoing',
    question: texts(
      'Did at least half of the staff learn something new about it this year?',
      'Hat mindestens die Hälfte der Belegschaft in diesem Jahr etwas Neues dazu gelernt?',
      'Heeft minstens de helft van de medewerkers er dit jaar iets nieuws over geleerd?',
      'Har minst hälften av personalen lärt sig något nytt om det i år?',
    ),
    action: texts(
      'Offer a short lesson each quarter',
      'Biete jedes Quartal eine kurze Schulung an',
      'Bied elk kwartaal een korte les aan',
      'Erbjud en kort kurs varje kvartal',
    ),
    evidence: ['training'],
    measure: 'training.completedByStaff',
    unit: 'share',
    scale: from(0.5),
    shows: 'followed',
  }),
  indicator({
    id: 'i.goalsMeasured',
    question: texts(
      'Do at least 80 % of goals have a measure with fresh data?',
      'Haben mindestens 80 % der Ziele eine Messgröße mit frischen Daten?',
      'Heeft minstens 80 % van de doelen een maat met verse gegevens?',
      'Har minst 80 % av målen ett mått med färska data?',
    ),
    action: texts(
      'Choose a measure for each goal',
      'Wähle für jedes Ziel eine Messgröße',
      'Kies voor elk doel een maat',
      'Välj ett mått för varje mål',
    ),
    evidence: ['goal'],
    measure: 'goals.measuredByGoal',
    unit: 'share',
    windowDays: 90,
    scale: from(0.8),
    shows: 'followed',
  }),
  indicator({
    id: 'i.practiceShared',
    question: texts(
      'Is at least a tenth of what one unit writes down used by another?',
      'Wird mindestens ein Zehntel dessen, was eine Einheit aufschreibt, von einer anderen genutzt?',
      'Wordt minstens een tiende van wat de ene eenheid opschrijft door een andere gebruikt?',
      'Används minst en tiondel av det en enhet skriver ner av en annan?',
    ),
    action: texts(
      'Turn a good answer into an article that others find',
      'Mach aus einer guten Antwort einen Artikel, den andere finden',
      'Maak van een goed antwoord een artikel dat anderen vinden',
      'Gör ett bra svar till en artikel som andra hittar',
    ),
    evidence: ['internalPost'],
    measure: 'knowledge.reusedByItem',
    unit: 'share',
    minSample: 10,
    scale: from(0.1),
    shows: 'followed',
  }),
  indicator({
    id: 'i.unitOrder',
    question: texts(
      'Were at least 70 % of units trained before they got process and tools?',
      'Wurden mindestens 70 % der Einheiten geschult, bevor sie Ablauf und Werkzeuge bekamen?',
      'Werd minstens 70 % van de eenheden getraind voordat ze proces en hulpmiddelen kregen?',
      'Utbildades minst 70 % av enheterna innan de fick process och verktyg?',
    ),
    action: texts(
      'Train the next unit first, then agree the process, then connect its tools',
      'Schule die nächste Einheit zuerst, vereinbare dann den Ablauf, verbinde dann ihre Werkzeuge',
      'Train de volgende eenheid eerst, spreek dan het proces af en koppel dan de hulpmiddelen',
      'Utbilda nästa enhet först, kom sedan överens om processen och anslut sist verktygen',
    ),
    evidence: ['training', 'role', 'connector'],
    measure: 'units.enabledInOrderByUnit',
    unit: 'share',
    minSample: 3,
    scale: from(0.7),
    shows: 'followed',
  }),
  indicator({
    id: 'i.unitsIndependent',
    question: texts(
      'Does at least half of the units answer on time without the hub acting for them?',
      'Antwortet mindestens die Hälfte der Einheiten rechtzeitig, ohne dass die Nabe für sie handelt?',
      'Antwoordt minstens de helft van de eenheden op tijd zonder dat de naaf voor hen handelt?',
      'Svarar minst hälften av enheterna i tid utan att navet agerar åt dem?',
    ),
    action: texts(
      'Let the unit that is closest to it answer by itself',
      'Lass die Einheit, die am nächsten dran ist, selbst antworten',
      'Laat de eenheid die er het dichtst op zit zelf antwoorden',
      'Låt den enhet som är närmast svara själv',
    ),
    evidence: ['role', 'conversation'],
    measure: 'units.independentByUnit',
    unit: 'share',
    windowDays: 90,
    minSample: 3,
    scale: from(0.5),
    shows: 'followed',
  }),
]
