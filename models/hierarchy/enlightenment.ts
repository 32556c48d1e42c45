/** Level 5: what the market says at this moment is woven into processes and planning. */
import { type Indicator, type Node, texts } from '#maturity/words.ts'
import { from, indicator, level, reconstructed, requirement, sourced, upTo } from './parts.ts'

const requirements: Node[] = [
  requirement(
    'enlightenment.realTime',
    texts(
      'The whole company knows what is possible and acts in real time',
      'Das ganze Unternehmen kennt die Möglichkeiten und handelt in Echtzeit',
      'Het hele bedrijf kent de mogelijkheden en handelt in real time',
      'Hela företaget känner möjligheterna och agerar i realtid',
    ),
    sourced('SEED-NL', 'SMC'),
    ['i.signalToPlan'],
  ),
  requirement(
    'enlightenment.predictive',
    texts(
      'It sees ahead: it understands what customers will want',
      'Es sieht voraus: Es versteht, was Kunden wollen werden',
      'Het kijkt vooruit: het begrijpt wat klanten zullen willen',
      'Det ser framåt: det förstår vad kunderna kommer att vilja',
    ),
    sourced('FISH'),
    ['i.forecast'],
  ),
  requirement(
    'enlightenment.tied',
    texts(
      'Customer data are tied to the product roadmap and to support',
      'Kundendaten sind mit Produktplanung und Support verbunden',
      'Klantgegevens zijn gekoppeld aan de productplanning en de support',
      'Kunddata är knutna till produktplanen och supporten',
    ),
    reconstructed,
    ['i.roadmapTied', 'i.supportTied'],
  ),
  requirement(
    'enlightenment.toolset',
    texts('One set of tools', 'Ein Satz Werkzeuge', 'Eén set hulpmiddelen', 'En uppsättning verktyg'),
    reconstructed,
    ['i.coreJoined'],
  ),
  requirement(
    'enlightenment.standard',
    texts('One standard of measurement', 'Ein Maßstab für alle', 'Eén standaard voor het meten', 'En gemensam standard för mätning'),
    reconstructed,
    ['i.sameMeasures'],
  ),
]

export const nodes: Node[] = [
  level(
    'enlightenment',
    texts('Enlightenment', 'Erleuchtung', 'Verlichting', 'Upplysning'),
    texts(
      'What the market answers at this moment is part of every process and plan.',
      'Was der Markt in diesem Moment antwortet, ist Teil jedes Ablaufs und Plans.',
      'Wat de markt op dit moment antwoordt zit in elk proces en plan.',
      'Det marknaden svarar just nu är en del av varje process och plan.',
    ),
    sourced('SMC', 'EARN', 'SEED-NL'),
    requirements,
  ),
  ...requirements,
]

export const indicators: Indicator[] = [
  indicator({
    id: 'i.signalToPlan',
    question: texts(
      'Does a signal from the market change a plan within seven days (median)?',
      'Ändert ein Signal vom Markt einen Plan binnen sieben Tagen (Median)?',
      'Verandert een signaal uit de markt binnen zeven dagen een plan (mediaan)?',
      'Ändrar en signal från marknaden en plan inom sju dagar (median)?',
    ),
    action: texts(
      'Put signals in front of those who can change the plan',
      'Bring Signale zu denen, die den Plan ändern können',
      'Breng signalen bij wie het plan kan veranderen',
      'Visa signalerna för dem som kan ändra planen',
    ),
    evidence: ['mention', 'goal', 'idea'],
    measure: 'plan.daysFromSignal',
    unit: 'days',
    minSample: 5,
    scale: upTo(7),
    shows: 'followed',
  }),
  indicator({
    id: 'i.forecast',
    question: texts(
      'Were our forecasts at most 20 % off?',
      'Lagen unsere Prognosen höchstens 20 % daneben?',
      'Zaten onze prognoses er hoogstens 20 % naast?',
      'Låg våra prognoser högst 20 % fel?',
    ),
    action: texts(
      'Write forecasts down and compare them with what came',
      'Schreib Prognosen auf und vergleiche sie mit dem, was kam',
      'Leg prognoses vast en vergelijk ze met wat er kwam',
      'Skriv ner prognoser och jämför med utfallet',
    ),
    evidence: ['goal', 'order', 'mention'],
    measure: 'forecast.meanError',
    unit: 'share',
    minSample: 5,
    scale: upTo(0.2),
    shows: 'followed',
  }),
  indicator({
    id: 'i.roadmapTied',
    question: texts(
      'Does at least a quarter of the roadmap name customers’ words as a reason?',
      'Nennt mindestens ein Viertel der Planung Worte von Kunden als Grund?',
      'Noemt minstens een kwart van de planning woorden van klanten als reden?',
      'Anger minst en fjärdedel av planen kunders ord som skäl?',
    ),
    action: texts(
      'Link plans to the conversations that they come from',
      'Verknüpfe Vorhaben mit den Gesprächen, aus denen sie kommen',
      'Koppel plannen aan de gesprekken waaruit ze komen',
      'Koppla planer till samtalen de kommer ifrån',
    ),
    evidence: ['idea', 'conversation'],
    measure: 'roadmap.customerReasonByItem',
    unit: 'share',
    minSample: 10,
    scale: from(0.25),
    shows: 'followed',
  }),
  indicator({
    id: 'i.supportTied',
    question: texts(
      'Do at least 80 % of support cases show who the customer is and what they bought?',
      'Zeigen mindestens 80 % der Supportfälle, wer der Kunde ist und was er gekauft hat?',
      'Laat minstens 80 % van de supportzaken zien wie de klant is en wat die kocht?',
      'Visar minst 80 % av supportärendena vem kunden är och vad den köpt?',
    ),
    action: texts(
      'Connect orders to people, so that a case shows both',
      'Verbinde Bestellungen mit Menschen, damit ein Fall beides zeigt',
      'Koppel bestellingen aan mensen, zodat een zaak beide laat zien',
      'Koppla order till människor, så att ett ärende visar båda',
    ),
    evidence: ['conversation', 'contact', 'order'],
    measure: 'cases.withCustomerDataByCase',
    unit: 'share',
    windowDays: 90,
    minSample: 20,
    scale: from(0.8),
    shows: 'followed',
  }),
  indicator({
    id: 'i.coreJoined',
    question: texts(
      'Are at least 80 % of our core systems joined in both directions?',
      'Sind mindestens 80 % unserer Kernsysteme in beide Richtungen verbunden?',
      'Is minstens 80 % van onze kernsystemen in beide richtingen gekoppeld?',
      'Är minst 80 % av våra kärnsystem kopplade i båda riktningarna?',
    ),
    action: texts(
      'Connect the next core system',
      'Verbinde das nächste Kernsystem',
      'Koppel het volgende kernsysteem',
      'Anslut nästa kärnsystem',
    ),
    evidence: ['connector'],
    measure: 'connectors.twoWayByCoreSystem',
    unit: 'share',
    windowDays: 90,
    scale: from(0.8),
    shows: 'followed',
  }),
  indicator({
    id: 'i.sameMeasures',
    question: texts(
      'Do at least 80 % of units report with the same measures?',
      'Berichten mindestens 80 % der Einheiten mit denselben Messgrößen?',
      'Rapporteert minstens 80 % van de eenheden met dezelfde maten?',
      'Rapporterar minst 80 % av enheterna med samma mått?',
    ),
    action: texts(
      'Agree on the measures that everyone reports',
      'Vereinbare die Messgrößen, über die alle berichten',
      'Spreek de maten af waarover iedereen rapporteert',
      'Kom överens om måtten som alla rapporterar',
    ),
    evidence: ['goal', 'role'],
    measure: 'measures.sharedByUnit',
    unit: 'share',
    minSample: 2,
    scale: from(0.8),
    shows: 'followed',
  }),
]
