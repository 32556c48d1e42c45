/** What people in the demonstration write: ten matters in four languages. `{p}` a product, `{o}` an order number, `{n}` the customer's first name, `{a}` who answers. */
import type { Language } from '#kernel/messages.ts'

export interface Matter {
  label: string
  subject: string
  asks: string[]
  answer: string
  more?: string
  second?: string
  thanks?: string
  note?: string
}

export const products: Record<Language, string[]> = {
  en: ['Aurora reading lamp', 'Fjell wool blanket', 'Havn desk', 'Lykta lantern', 'Skog shelf'],
  de: ['Leselampe Aurora', 'Wolldecke Fjell', 'Schreibtisch Havn', 'Laterne Lykta', 'Regal Skog'],
  nl: ['leeslamp Aurora', 'wollen deken Fjell', 'bureau Havn', 'lantaarn Lykta', 'kast Skog'],
  sv: ['läslampan Aurora', 'ullfilten Fjell', 'skrivbordet Havn', 'lyktan Lykta', 'hyllan Skog'],
}

export const greetings: Record<Language, { hello: string; bye: string; reply: string; sign: string }> = {
  en: { hello: 'Hello,', bye: 'Best wishes\n{n}', reply: 'Hello {n},', sign: 'Kind regards\n{a}\nNordlicht' },
  de: { hello: 'Guten Tag,', bye: 'Viele Grüße\n{n}', reply: 'Guten Tag {n},', sign: 'Herzliche Grüße\n{a}\nNordlicht' },
  nl: { hello: 'Hallo,', bye: 'Groeten\n{n}', reply: 'Hallo {n},', sign: 'Hartelijke groet\n{a}\nNordlicht' },
  sv: { hello: 'Hej,', bye: 'Vänliga hälsningar\n{n}', reply: 'Hej {n},', sign: 'Vänliga hälsningar\n{a}\nNordlicht' },
}

export const matters: Record<Language, Matter[]> = {
  en: [
    {
      label: 'delivery',
      subject: 'Where is order {o}?',
      asks: [
        'my order {o} ({p}) should have arrived last week. Tracking has not moved for four days. Can you find out where it is?',
        'I am waiting for the {p} from order {o}. The carrier says it was handed over, but nobody here has it. What can we do?',
      ],
      answer:
        'thank you for telling us. The parcel was held at the depot in Hamburg because the label was torn. It is on its way again and will be with you on Thursday.',
      more: 'It is Thursday evening and it is still not here. Should I keep waiting?',
      second:
        'I am sorry. I have sent a new one by express today; it arrives tomorrow before noon. If the first one turns up, simply refuse it.',
      thanks: 'It came this morning. Thank you for looking after it!',
      note: 'Third torn label from this depot this month. Let us tell the warehouse to use the larger sleeves.',
    },
    {
      label: 'damage',
      subject: '{p} arrived damaged',
      asks: [
        'the {p} arrived today, but one corner is broken. The box looked fine from outside. I attach nothing yet; tell me which pictures you need.',
      ],
      answer:
        'that should not happen, and I am sorry. One picture of the corner and one of the box are enough. A new one leaves our house today; you keep the old one until then.',
      thanks: 'That was quick. The new one is perfect.',
    },
    {
      label: 'invoice',
      subject: 'Invoice for order {o}',
      asks: [
        'could you send me the invoice for order {o} again, made out to our company instead of to me? Our accountant needs it this month.',
      ],
      answer: 'of course. The corrected invoice is on its way to you in a separate message; the old one is cancelled.',
      thanks: 'Got it, thank you.',
    },
    {
      label: 'question',
      subject: 'Question about the {p}',
      asks: [
        'does the {p} also come in a darker colour? And is the wood oiled or lacquered?',
        'how warm is the light of the {p}? We would like to use it in a bedroom.',
      ],
      answer:
        'good question. It comes in oak, smoked oak and black, and all of them are oiled, so that you can renew the surface yourself.',
      thanks: 'Then I will take smoked oak. Thanks for the help.',
    },
    {
      label: 'return',
      subject: 'Sending back the {p}',
      asks: ['the {p} is lovely, but too large for our corner. How do I send it back, and who pays for it?'],
      answer:
        'no problem. Print the label from the link in your account and hand it to any parcel shop; we pay for the way back. The money is with you within five days after it arrives.',
      more: 'The label page only shows an error. Can you send it to me directly?',
      second: 'here is the label as a file. I have told our developers about the page; thank you for noticing.',
    },
    {
      label: 'praise',
      subject: 'Thank you',
      asks: ['no question today, I only want to say that the {p} is the nicest thing in our flat. Greetings to whoever made it!'],
      answer: 'you made our day. I have pinned your message up in the workshop.',
    },
    {
      label: 'wholesale',
      subject: 'Prices for shops',
      asks: [
        'we run a small shop in Utrecht and would like to show the {p} and two others. Do you have prices for shops, and how many must we take?',
      ],
      answer:
        'we would love that. Ten pieces are the minimum, at forty per cent below the list price. I have put our catalogue for shops in your account.',
      more: 'That sounds good. Could we begin with six, to see how it goes?',
      second: 'for a first order six are fine. Shall I reserve them for you until Friday?',
      thanks: 'Yes please, you will have our order by Thursday.',
    },
    {
      label: 'idea',
      subject: 'An idea for the {p}',
      asks: ['it would be great if the {p} had a switch on the cable instead of at the back. My mother cannot reach it.'],
      answer: 'thank you, others have wished for that too. I have passed it on to our design team and will write when there is news.',
      note: 'Fifth wish for a cable switch this quarter. Who collects them?',
    },
  ],
  de: [
    {
      label: 'delivery',
      subject: 'Wo bleibt die Bestellung {o}?',
      asks: [
        'meine Bestellung {o} ({p}) sollte letzte Woche ankommen. Die Sendungsverfolgung steht seit vier Tagen still. Können Sie nachsehen?',
        'ich warte auf {p} aus der Bestellung {o}. Laut Paketdienst wurde sie abgegeben, aber im Haus weiß niemand davon.',
      ],
      answer:
        'danke für Ihre Nachricht. Das Paket lag wegen eines zerrissenen Etiketts im Depot in Hamburg. Es ist wieder unterwegs und kommt am Donnerstag an.',
      more: 'Heute ist Donnerstagabend, und es ist noch nichts da. Soll ich weiter warten?',
      second:
        'das tut mir leid. Ich habe heute per Express Ersatz losgeschickt; er ist morgen vor Mittag da. Falls das erste Paket auftaucht, nehmen Sie es einfach nicht an.',
      thanks: 'Heute früh ist alles angekommen. Vielen Dank fürs Kümmern!',
      note: 'Das dritte zerrissene Etikett aus diesem Depot. Bitte dem Lager sagen, dass wir die größeren Taschen nehmen.',
    },
    {
      label: 'damage',
      subject: '{p} beschädigt angekommen',
      asks: ['heute kam die Lieferung ({p}), aber eine Ecke ist abgebrochen. Der Karton war von außen heil. Welche Bilder brauchen Sie?'],
      answer:
        'das darf nicht passieren, bitte entschuldigen Sie. Ein Bild der Ecke und eines vom Karton genügen. Ersatz verlässt heute unser Haus.',
      thanks: 'Das ging schnell, und der Ersatz ist einwandfrei.',
    },
    {
      label: 'invoice',
      subject: 'Rechnung zur Bestellung {o}',
      asks: [
        'könnten Sie die Rechnung zur Bestellung {o} noch einmal auf unsere Firma ausstellen? Die Buchhaltung braucht sie noch diesen Monat.',
      ],
      answer: 'gerne. Die korrigierte Rechnung kommt in einer eigenen Nachricht; die alte ist storniert.',
      thanks: 'Angekommen, danke.',
    },
    {
      label: 'question',
      subject: 'Frage zu: {p}',
      asks: [
        'gibt es das Modell ({p}) auch in einem dunkleren Ton? Und ist das Holz geölt oder lackiert?',
        'wie warm ist das Licht? Wir möchten {p} im Schlafzimmer verwenden.',
      ],
      answer: 'gute Frage. Es gibt Eiche, Räuchereiche und Schwarz, alle geölt, sodass Sie die Oberfläche selbst auffrischen können.',
      thanks: 'Dann nehme ich Räuchereiche. Danke für die Hilfe.',
    },
    {
      label: 'return',
      subject: 'Rücksendung: {p}',
      asks: ['sehr schön, aber leider zu groß für unsere Ecke: {p}. Wie schicke ich das zurück, und wer trägt die Kosten?'],
      answer:
        'kein Problem. Drucken Sie das Etikett aus Ihrem Konto und geben Sie das Paket in einem beliebigen Shop ab; die Kosten tragen wir.',
      more: 'Die Seite mit dem Etikett zeigt nur einen Fehler. Können Sie es mir direkt schicken?',
      second: 'hier ist das Etikett als Datei. Den Fehler habe ich weitergegeben, danke für den Hinweis.',
    },
    {
      label: 'praise',
      subject: 'Ein Dankeschön',
      asks: ['heute keine Frage, nur ein Lob: Das schönste Stück in unserer Wohnung ist von Ihnen ({p}). Grüße in die Werkstatt!'],
      answer: 'damit haben Sie uns den Tag verschönert. Ihre Nachricht hängt jetzt in der Werkstatt.',
    },
    {
      label: 'wholesale',
      subject: 'Preise für Händler',
      asks: [
        'wir führen einen kleinen Laden in Leipzig und würden gern {p} und zwei weitere Stücke zeigen. Gibt es Händlerpreise, und wie viele müssten wir abnehmen?',
      ],
      answer: 'das freut uns. Ab zehn Stück geben wir vierzig Prozent Nachlass; den Händlerkatalog finden Sie in Ihrem Konto.',
      more: 'Klingt gut. Könnten wir mit sechs anfangen?',
      second: 'für eine erste Bestellung gehen auch sechs. Soll ich sie bis Freitag zurücklegen?',
      thanks: 'Ja bitte, die Bestellung kommt bis Donnerstag.',
    },
    {
      label: 'idea',
      subject: 'Idee: Schalter am Kabel',
      asks: ['wäre es möglich, den Schalter am Kabel statt hinten anzubringen ({p})? Meine Mutter kommt nicht heran.'],
      answer: 'danke, das wünschen sich auch andere. Ich habe es an die Gestaltung weitergegeben und melde mich, sobald es Neues gibt.',
      note: 'Der fünfte Wunsch nach einem Kabelschalter in diesem Quartal. Wer sammelt das?',
    },
  ],
  nl: [
    {
      label: 'delivery',
      subject: 'Waar blijft bestelling {o}?',
      asks: [
        'mijn bestelling {o} ({p}) had vorige week moeten komen. De track-and-trace staat al vier dagen stil. Kunnen jullie het nakijken?',
        'ik wacht op {p} uit bestelling {o}. Volgens de bezorger is het afgegeven, maar niemand hier heeft het.',
      ],
      answer:
        'bedankt voor je bericht. Het pakket lag in het depot in Hamburg omdat het etiket gescheurd was. Het is weer onderweg en komt donderdag aan.',
      more: 'Het is donderdagavond en er is nog niets. Moet ik blijven wachten?',
      second: 'wat vervelend. Ik heb vandaag een nieuwe per express gestuurd; die is er morgen voor twaalf uur.',
      thanks: 'Vanochtend is alles aangekomen. Dank voor de moeite!',
    },
    {
      label: 'damage',
      subject: '{p} kwam beschadigd aan',
      asks: ['vandaag kwam {p} aan, maar een hoek is afgebroken. De doos leek heel. Welke foto’s hebben jullie nodig?'],
      answer: 'dat hoort niet, onze excuses. Eén foto van de hoek en één van de doos is genoeg. Een nieuwe gaat vandaag de deur uit.',
      thanks: 'Dat was snel, de nieuwe is perfect.',
    },
    {
      label: 'invoice',
      subject: 'Factuur van bestelling {o}',
      asks: ['kunnen jullie de factuur van bestelling {o} op naam van ons bedrijf zetten? De boekhouder heeft hem deze maand nodig.'],
      answer: 'natuurlijk. De verbeterde factuur komt in een apart bericht; de oude is vervallen.',
      thanks: 'Ontvangen, dank je.',
    },
    {
      label: 'question',
      subject: 'Vraag over {p}',
      asks: [
        'is {p} er ook in een donkerder kleur? En is het hout geolied of gelakt?',
        'hoe warm is het licht van {p}? We willen het in de slaapkamer gebruiken.',
      ],
      answer: 'goede vraag. Er is eiken, gerookt eiken en zwart, allemaal geolied, zodat je het oppervlak zelf kunt bijwerken.',
      thanks: 'Dan neem ik gerookt eiken. Dank voor de hulp.',
    },
    {
      label: 'return',
      subject: 'Retour: {p}',
      asks: ['heel mooi, maar te groot voor onze hoek: {p}. Hoe stuur ik het terug, en wie betaalt dat?'],
      answer: 'geen probleem. Print het etiket uit je account en lever het pakket in bij een afhaalpunt; wij betalen de terugweg.',
    },
    {
      label: 'praise',
      subject: 'Bedankt',
      asks: ['vandaag geen vraag: {p} is het mooiste in ons huis. Groeten aan wie het maakte!'],
      answer: 'daar worden we blij van. Je bericht hangt nu in de werkplaats.',
    },
    {
      label: 'wholesale',
      subject: 'Prijzen voor winkels',
      asks: ['we hebben een kleine winkel in Utrecht en willen {p} en nog twee stukken laten zien. Zijn er prijzen voor winkels?'],
      answer: 'dat zouden we geweldig vinden. Vanaf tien stuks geven we veertig procent korting.',
      more: 'Klinkt goed. Kunnen we met zes beginnen?',
      second: 'voor een eerste bestelling kan zes ook. Zal ik ze tot vrijdag apart leggen?',
      thanks: 'Graag, de bestelling komt donderdag.',
    },
  ],
  sv: [
    {
      label: 'delivery',
      subject: 'Var är beställning {o}?',
      asks: [
        'min beställning {o} ({p}) skulle ha kommit förra veckan. Spårningen har stått still i fyra dagar. Kan ni kolla?',
        'jag väntar på {p} från beställning {o}. Enligt transportören är den utlämnad, men ingen här har fått den.',
      ],
      answer:
        'tack för att du hör av dig. Paketet låg kvar i depån i Hamburg för att etiketten var trasig. Det är på väg igen och kommer på torsdag.',
      more: 'Nu är det torsdag kväll och inget har kommit. Ska jag fortsätta vänta?',
      second: 'jag beklagar. Jag har skickat en ny med express i dag; den kommer i morgon före lunch.',
      thanks: 'Allt kom i morse. Tack för hjälpen!',
    },
    {
      label: 'damage',
      subject: '{p} kom skadad',
      asks: ['i dag kom {p}, men ett hörn är avbrutet. Kartongen såg hel ut. Vilka bilder behöver ni?'],
      answer: 'det ska inte hända, förlåt. En bild på hörnet och en på kartongen räcker. En ny går i väg i dag.',
      thanks: 'Det gick fort, den nya är perfekt.',
    },
    {
      label: 'invoice',
      subject: 'Faktura för beställning {o}',
      asks: ['kan ni ställa ut fakturan för beställning {o} på vårt företag i stället? Revisorn behöver den den här månaden.'],
      answer: 'självklart. Den rättade fakturan kommer i ett eget meddelande; den gamla är makulerad.',
      thanks: 'Har fått den, tack.',
    },
    {
      label: 'question',
      subject: 'Fråga om {p}',
      asks: [
        'finns {p} i en mörkare färg? Och är träet oljat eller lackat?',
        'hur varmt är ljuset från {p}? Vi tänkte ha den i sovrummet.',
      ],
      answer: 'bra fråga. Det finns ek, rökt ek och svart, alla oljade så att du kan fräscha upp ytan själv.',
      thanks: 'Då tar jag rökt ek. Tack för hjälpen.',
    },
    {
      label: 'return',
      subject: 'Retur av {p}',
      asks: ['jättefin men för stor för vårt hörn: {p}. Hur skickar jag tillbaka den, och vem betalar?'],
      answer: 'inga problem. Skriv ut etiketten från ditt konto och lämna paketet hos ett ombud; vi betalar returen.',
    },
    {
      label: 'praise',
      subject: 'Tack',
      asks: ['ingen fråga i dag: {p} är det finaste i vårt hem. Hälsa den som gjorde den!'],
      answer: 'det värmer. Ditt meddelande sitter nu på väggen i verkstaden.',
    },
    {
      label: 'idea',
      subject: 'Önskemål om {p}',
      asks: ['det vore bra om strömbrytaren satt på sladden i stället för på baksidan av {p}.'],
      answer: 'tack, det har fler önskat. Jag har lämnat det vidare till formgivarna och hör av mig när det finns nyheter.',
    },
  ],
}
