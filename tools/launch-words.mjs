// What the launcher says, in the language of the terminal (LC_ALL, LC_MESSAGES or LANG). Plain JavaScript, because it speaks before anything is installed.
export const words = {
  en: {
    installing: 'Installing what Trefoil needs; this happens once and takes about a minute …',
    waiting: 'Another start is installing what Trefoil needs; waiting for it …',
    waitedLong: 'Another start (process {process}) has been installing for 15 minutes: end it, remove {file}, then start again.',
    noNpm: 'npm is not there: install it together with Node from nodejs.org, then start again.',
    diskFull: 'The disk of {folder} is full: free 1 GB there, then start again.',
    denied: '{folder} cannot be written: give this user the right to, then start again.',
    offline: 'The packages could not be fetched: check the connection to the npm registry (npm ping), then start again.',
    failed: 'npm could not install the packages ({says}): mend that, then start again.',
    nodeOld: 'Trefoil needs Node {oldest} or newer, and this is {version}: install it from nodejs.org, then start again.',
    nodeFails: 'Node at {path} cannot run here ({why}): install Node {oldest} or newer.',
  },
  de: {
    installing: 'Was Trefoil braucht, wird installiert; das geschieht einmal und dauert etwa eine Minute …',
    waiting: 'Ein anderer Start installiert gerade, was Trefoil braucht; es wird auf ihn gewartet …',
    waitedLong: 'Ein anderer Start (Prozess {process}) installiert seit 15 Minuten: Beende ihn, entferne {file}, dann starte erneut.',
    noNpm: 'npm fehlt: Installiere es zusammen mit Node von nodejs.org, dann starte erneut.',
    diskFull: 'Die Festplatte von {folder} ist voll: Schaffe dort 1 GB Platz, dann starte erneut.',
    denied: 'In {folder} kann nicht geschrieben werden: Gib diesem Benutzer das Recht dazu, dann starte erneut.',
    offline: 'Die Pakete konnten nicht geholt werden: Prüfe die Verbindung zur npm-Registry (npm ping), dann starte erneut.',
    failed: 'npm konnte die Pakete nicht installieren ({says}): Behebe das, dann starte erneut.',
    nodeOld: 'Trefoil braucht Node {oldest} oder neuer, und das ist {version}: Installiere es von nodejs.org, dann starte erneut.',
    nodeFails: 'Node unter {path} läuft hier nicht ({why}): Installiere Node {oldest} oder neuer.',
  },
  nl: {
    installing: 'Wat Trefoil nodig heeft wordt geïnstalleerd; dat gebeurt één keer en duurt ongeveer een minuut …',
    waiting: 'Een andere start installeert wat Trefoil nodig heeft; even wachten …',
    waitedLong:
      'Een andere start (proces {process}) is al 15 minuten aan het installeren: stop die, verwijder {file} en start dan opnieuw.',
    noNpm: 'npm ontbreekt: installeer het samen met Node van nodejs.org en start dan opnieuw.',
    diskFull: 'De schijf van {folder} is vol: maak daar 1 GB vrij en start dan opnieuw.',
    denied: 'In {folder} kan niet worden geschreven: geef deze gebruiker het recht en start dan opnieuw.',
    offline: 'De pakketten konden niet worden opgehaald: controleer de verbinding met het npm-register (npm ping) en start dan opnieuw.',
    failed: 'npm kon de pakketten niet installeren ({says}): verhelp dat en start dan opnieuw.',
    nodeOld: 'Trefoil heeft Node {oldest} of nieuwer nodig, en dit is {version}: installeer het van nodejs.org en start dan opnieuw.',
    nodeFails: 'Node in {path} werkt hier niet ({why}): installeer Node {oldest} of nieuwer.',
  },
  sv: {
    installing: 'Det som Trefoil behöver installeras; det händer en gång och tar ungefär en minut …',
    waiting: 'En annan start installerar det som Trefoil behöver; väntar på den …',
    waitedLong: 'En annan start (process {process}) har installerat i 15 minuter: avsluta den, ta bort {file} och starta sedan igen.',
    noNpm: 'npm saknas: installera det tillsammans med Node från nodejs.org och starta sedan igen.',
    diskFull: 'Disken för {folder} är full: frigör 1 GB där och starta sedan igen.',
    denied: 'Det går inte att skriva i {folder}: ge den här användaren rätt till det och starta sedan igen.',
    offline: 'Paketen kunde inte hämtas: kontrollera anslutningen till npm-registret (npm ping) och starta sedan igen.',
    failed: 'npm kunde inte installera paketen ({says}): åtgärda det och starta sedan igen.',
    nodeOld: 'Trefoil behöver Node {oldest} eller nyare, och det här är {version}: installera det från nodejs.org och starta sedan igen.',
    nodeFails: 'Node i {path} fungerar inte här ({why}): installera Node {oldest} eller nyare.',
  },
}

const { LC_ALL, LC_MESSAGES, LANG } = process.env
const language = (LC_ALL || LC_MESSAGES || LANG || '').slice(0, 2)

export const say = (key, values = {}) => (words[language] ?? words.en)[key].replace(/\{(\w+)\}/g, (_, name) => values[name])
