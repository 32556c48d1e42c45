/** Sentences of our own, by the language they are written in: as people write to a shop, from two words to two dozen. */
const written: Record<string, string> = {
  en: `Where is my order?|Thank you so much!|That was quick|The parcel arrived broken|See you tomorrow|I would like to change my address|Does this lamp also come in green?
    Your app crashes whenever I open the settings|My colleague told me about you last week|We have been waiting for an answer since Monday|Great work everyone|How much is it?
    Nobody picks up the phone|The new version looks much better than the old one|Please send me the invoice again|I can't find the button anywhere|Good morning
    Is the shop open on Sunday?|They promised that it would be here by Friday|Has anybody else got this problem?|Just unboxed it and I already love it
    The meeting has been moved to three o'clock|Never again|You should try turning it off and on again|What a lovely evening with friends|This price is a joke`,
  de: `Wo ist meine Bestellung?|Vielen Dank!|Das ging schnell|Das Paket kam kaputt an|Bis morgen|Ich möchte meine Adresse ändern|Gibt es die Lampe auch in Grün?
    Eure App stürzt ab, sobald ich die Einstellungen öffne|Eine Kollegin hat mir letzte Woche von euch erzählt|Wir warten seit Montag auf eine Antwort|Gute Arbeit|Was kostet das?
    Niemand geht ans Telefon|Die neue Version sieht viel besser aus als die alte|Bitte schickt mir die Rechnung noch einmal|Ich finde den Knopf nirgends|Guten Morgen
    Habt ihr am Sonntag geöffnet?|Es sollte doch bis Freitag da sein|Hat sonst noch jemand das Problem?|Gerade ausgepackt und schon verliebt
    Die Besprechung ist auf drei Uhr verschoben|Nie wieder|Hast du es mal aus- und wieder eingeschaltet?|Was für ein schöner Abend mit Freunden|Der Preis ist ein Witz`,
  nl: `Waar is mijn bestelling?|Heel erg bedankt!|Dat ging snel|Het pakket kwam kapot aan|Tot morgen|Ik wil graag mijn adres wijzigen|Is deze lamp er ook in het groen?
    Jullie app loopt vast zodra ik de instellingen open|Een collega vertelde me vorige week over jullie|We wachten al sinds maandag op antwoord|Goed gedaan allemaal|Hoeveel kost het?
    Niemand neemt de telefoon op|De nieuwe versie ziet er veel beter uit dan de oude|Stuur me de factuur nog een keer, alsjeblieft|Ik kan de knop nergens vinden|Goedemorgen
    Zijn jullie zondag open?|Het zou er vrijdag toch zijn|Heeft iemand anders dit probleem ook?|Net uitgepakt en nu al verliefd
    De vergadering is verplaatst naar drie uur|Nooit meer|Heb je hem al eens uit en weer aan gezet?|Wat een heerlijke avond met vrienden|Die prijs is een grap`,
  sv: `Var är min beställning?|Tack så mycket!|Det gick snabbt|Paketet var trasigt när det kom|Vi ses imorgon|Jag skulle vilja ändra min adress|Finns lampan också i grönt?
    Er app kraschar så fort jag öppnar inställningarna|En kollega berättade om er förra veckan|Vi har väntat på svar sedan i måndags|Bra jobbat allihop|Vad kostar den?
    Ingen svarar i telefonen|Den nya versionen ser mycket bättre ut än den gamla|Skicka fakturan en gång till, tack|Jag hittar inte knappen någonstans|God morgon
    Har ni öppet på söndag?|Den skulle ju vara här senast i fredags|Är det någon annan som har samma problem?|Precis packat upp den och redan förälskad
    Mötet är flyttat till klockan tre|Aldrig mer|Har du provat att stänga av den och sätta på den igen?|Vilken underbar kväll med vänner|Priset är ett skämt`,
  fr: `Où est ma commande ?|Merci beaucoup !|C'était rapide|Le colis est arrivé cassé|À demain|Je voudrais changer mon adresse|Cette lampe existe aussi en vert ?
    Votre application plante dès que j'ouvre les réglages|Une collègue m'a parlé de vous la semaine dernière|Nous attendons une réponse depuis lundi|Beau travail|Combien ça coûte ?
    Personne ne répond au téléphone|La nouvelle version est bien plus jolie que l'ancienne|Pouvez-vous me renvoyer la facture ?|Je ne trouve le bouton nulle part|Bonjour à tous
    Vous êtes ouverts le dimanche ?|Il devait pourtant arriver vendredi|Quelqu'un d'autre a ce problème ?|À peine déballé et déjà amoureux
    La réunion est reportée à quinze heures|Plus jamais|Quelle belle soirée entre amis|Ce prix est une blague`,
  es: `¿Dónde está mi pedido?|¡Muchas gracias!|Ha sido rápido|El paquete llegó roto|Hasta mañana|Quisiera cambiar mi dirección|¿La lámpara también existe en verde?
    Vuestra aplicación se cierra en cuanto abro los ajustes|Una compañera me habló de vosotros la semana pasada|Llevamos esperando una respuesta desde el lunes|Buen trabajo|¿Cuánto cuesta?
    Nadie contesta al teléfono|La nueva versión se ve mucho mejor que la antigua|Por favor, enviadme la factura otra vez|No encuentro el botón en ningún sitio|Buenos días
    ¿Abren los domingos?|Tenía que llegar el viernes|¿Alguien más tiene este problema?|Recién abierto y ya me encanta
    La reunión se ha pasado a las tres|Nunca más|Qué noche tan bonita con amigos|Ese precio es una broma`,
  it: `Dov'è il mio ordine?|Grazie mille!|È stato veloce|Il pacco è arrivato rotto|A domani|Vorrei cambiare il mio indirizzo|La lampada c'è anche in verde?
    La vostra app si blocca appena apro le impostazioni|Una collega mi ha parlato di voi la settimana scorsa|Aspettiamo una risposta da lunedì|Ottimo lavoro|Quanto costa?
    Nessuno risponde al telefono|La nuova versione è molto più bella di quella vecchia|Per favore, mandatemi di nuovo la fattura|Non trovo il pulsante da nessuna parte|Buongiorno a tutti
    Siete aperti la domenica?|Doveva arrivare entro venerdì|Qualcun altro ha questo problema?|Appena aperto e già lo adoro
    La riunione è spostata alle tre|Mai più|Che bella serata con gli amici|Questo prezzo è uno scherzo`,
  pt: `Onde está o meu pedido?|Muito obrigado!|Foi rápido|A encomenda chegou partida|Até amanhã|Gostaria de mudar o meu endereço|O candeeiro também existe em verde?
    O aplicativo fecha sempre que abro as configurações|Uma colega falou-me de vocês na semana passada|Estamos à espera de uma resposta desde segunda-feira|Bom trabalho|Quanto custa?
    Ninguém atende o telefone|A nova versão está muito melhor do que a antiga|Por favor, enviem a fatura outra vez|Não encontro o botão em lugar nenhum|Bom dia
    Vocês abrem no domingo?|Era para ter chegado na sexta|Mais alguém tem esse problema?|Acabei de abrir e já adorei
    A reunião foi adiada para as três|Nunca mais|Que noite linda com os amigos|Esse preço é uma piada`,
}

export const sentences: { language: string; text: string }[] = Object.entries(written).flatMap(([language, all]) =>
  all.split(/[|\n]/).map(text => ({ language, text: text.trim() })),
)
