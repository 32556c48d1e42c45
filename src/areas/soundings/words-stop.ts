/** Words that hold sentences together and say nothing of what a post is about: short lists of our own, by language, in small letters. */

const lists: Record<string, string> = {
  en: `a about above after again all also always am an and any anyone are aren't as at be because been before being below both but by can can't cannot could
    did didn't do does doesn't doing don't down each else even ever every few for from further get gets getting go goes going gone got had has hasn't have haven't having
    he her here hers him his how i i'm i've i'll i'd if in into is isn't it it's its itself just know let let's like made make many may me might more most much must my myself
    never no nor not nothing now of off on once one only or other our ours out over own please quite rather really same say says see seems shall she should since
    so some something still such than that that's the their them then there there's these they they're thing things this those through to today too two under until up upon us use
    very want wants was wasn't way we we're we've well were weren't what when where which while who whom whose why will with within without won't would yes yet you you're your yours`,
  de: `aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da dabei dafür damit danach dann daran darauf daraus das dass davon dazu
    dein deine dem den denn der des deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch eben ein eine einem einen einer eines einfach einmal er es etwas euch
    euer eure für gar gegen gibt ganz genau habe haben hab hat hatte hatten heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden
    jeder jedes jetzt kann kannst kein keine keinem keinen keiner können könnte machen macht mal man mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nachdem nein nicht
    nichts nie noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so sogar solche soll sollen sollte sondern sonst über um und uns unser unsere
    unter viel viele vom von vor wann war waren warum was weil weiter welche welcher wenn wer werde werden weniger wie wieder will wir wird wo wohl wurde wurden würde zu zum zur zwar zwischen`,
  nl: `aan al alle alleen alles als altijd ben bent bij daar dan dat de den der deze die dit doch doen doet door dus een eens echt echter elk elke en er even gaan gaat geen geweest haar
    had heb hebben hebt heeft heel hem hen het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie kan kon kunnen kunt maar mag me meer men met mij mijn moet moeten na naar
    niet niets nog nooit nou nu of om omdat onder ons onze ook op over rond samen sinds te tegen toch toen tot tussen u uit uw van vandaag veel voor waar waarom waren was wat we wel welke
    werd wie wij wil wilt worden wordt zal ze zeer zei zelf zich zij zijn zo zoals zonder zou zouden`,
  sv: `aldrig alla allt alltid all annan annat att av bara blev bli blir borde både båda de dem den denna deras dess dessa det detta dig din dina ditt dock du där då efter ej eller en er
    ett era ert fick finns fler flera för från får få före ganska genom ha hade han hans har hela helt henne hennes hon honom hur här i icke idag igen in inga ingen inget innan inte inom ja jag ju
    kan kommer kunde kanske lite man med mellan men mer mest mig min mina mitt mot mycket måste många ned nej ni nog nu när någon något några nån och också om oss på redan samma sedan se
    sig sin sina sitt själv ska skall skulle som så sådan till tycker under upp ut utan vad var vara varför vart varit varje vem vems vi vid vilka vilken vill vår våra vårt än är även åt över`,
  fr: `à ai aie alors après as au aucun aussi autre autres aux avant avec avez avoir avons bien car ce cela ces cet cette ceux chaque chez comme comment c'est d'un d'une dans de des depuis
    deux dit donc du elle elles en encore entre es est et étaient était être eu fait faire font il ils j'ai je juste l'on la le les leur leurs lui ma mais me même mes moi moins mon ne ni nos
    notre nous on ont ou où par parce pas peu peut plus pour pourquoi pouvez près puis qu'il qu'on quand que quel quelle quelles quels qui quoi rien sa sans se sera ses si son sont sous
    suis sur ta tes toi ton tous tout toute toutes très trop tu un une va vers vos votre vous y`,
  es: `a al algo alguien alguna algunas alguno algunos ahora ante antes aquí así aunque bien cada como con contra cuando cual cuál cuáles cómo de del desde donde dónde dos e el él ella ellas
    ellos en entre era eran eres es esa esas ese eso esos esta está están estas este esto estos estoy fue fueron ha hace han has hasta hay he hoy la las le les lo los más me mi mientras mis
    mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque pues que qué quien quién se sea según ser si sí sido siempre sin sobre
    solo sólo son soy su sus también tan tanto te tener tengo tiene tienen todo todos toda todas tu tú tus un una unas uno unos usted ustedes va vez y ya yo`,
  it: `a abbiamo ad agli ai al alla alle allo anche ancora avere aveva avete c'è che chi ci come con cosa così cui da dagli dai dal dalla dalle dei del dell della delle dello deve di
    dopo dove due e è ed era erano essere fa fare fatto fino fra già gli ha hai hanno ho i il in io la le lei li lo loro lui ma me mentre mi mia mie miei mio molto ne nei nel nella nelle
    nello niente no noi non nostra nostro o ogni oggi ora per perché però più poco poi prima può qual quale quando quanto quasi quella quelle quelli quello questa queste questi questo qui
    se sei sempre senza si sì sia siamo sono sta stato su sua sue sugli sui sul sulla sulle suo suoi te ti tra tu tua tue tuo tutta tutte tutti tutto un una uno va vi voi`,
  pt: `a ao aos aquela aquele aqui as às até bem cada com como da das de dela dele deles depois do dos e é ela elas ele eles em entre era eram essa esse está estão estava este esta estou eu
    foi foram há isso isto já la lhe lo mais mas me mesmo meu meus minha muito muita na não nas nem no nos nós nossa nosso num numa o onde os ou para pela pelas pelo pelos pode por porque
    pra qual quando quanto que quem se sem ser será seu seus só sobre sua suas também te tem têm tenho ter teu tu tua tudo um uma umas uns vai você vocês vou`,
  da: `af alle alt at bare begge blev blive bliver da de dem den denne der deres det dette dig din dit dog du efter ej eller en end er et efter for fordi fra få får ham han hans har havde
    have hele hende her hos hun hvad hvem hver hvor hvordan hvorfor hvis i ikke ind ingen intet ja jeg jer jo kan kom kun kunne lidt man mange med meget men mig min mit mod må ned nej noget
    nogle nok nu når og også om op os over på samme selv sig sin sit skal skulle som så til ud uden under var ved vi vil ville vores være været`,
  no: `alle alt at av bare ble bli blir da de deg dem den denne der dere deres det dette din dit ditt du eller en enn er et etter for fordi fra få får ha hadde han hans har hele henne hennes
    her hun hva hvem hver hvor hvordan hvorfor hvis i ikke ingen inn ja jeg jo kan kom kun kunne litt man mange med meg meget men mer min mitt mot må ned nei noe noen nok nå når og også om
    opp oss over på samme seg selv si sin sitt skal skulle som så til um ut uten under var ved vi vil ville vår være vært`,
  pl: `a aby albo ale bardzo bez bo by być był była było były ci co czy dla do gdy gdzie go i ich im ja jak jako je jednak jego jej jest jestem jeszcze już każdy kiedy kto która które który
    lub ma mam mi mnie może mu my na nad nam nas nawet nic nie nich nim niż o od on ona one oni oraz po pod przed przez przy są się ta tak także tam te tego tej ten to tu tylko tym ty u w we
    więc wy z za ze że żeby`,
}

const sets = new Map(Object.entries(lists).map(([language, words]) => [language, new Set(words.split(/\s/).filter(Boolean))]))
const anywhere = new Set([...sets.values()].flatMap(words => [...words]))
/** What stands in posts of every language. */
const everywhere = new Set(['http', 'https', 'www', 'com', 'amp', 'via', 'rt', 'lol', 'haha', 'ok', 'okay', 'gif', 'pic', 'cc', 'pm', 'am'])

/** Norwegian is told by either of its written forms, or by both together. */
const listOf = (language: string): ReadonlySet<string> | undefined => sets.get(['nb', 'nn'].includes(language) ? 'no' : language)

/** Does this word only hold sentences together? Of a post whose language nobody knows, whatever does so anywhere. */
export function isFiller(word: string, language: string | null): boolean {
  const list = language ? listOf(language.slice(0, 2)) : anywhere
  return everywhere.has(word) || (list ?? anywhere).has(word)
}
