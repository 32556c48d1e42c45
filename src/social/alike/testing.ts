/** Posts that are alike and posts that only speak of the same: sentences on one subject in eleven languages, and what people do to a post that they pass on. */

/** All of them about one night train; no two say the same. */
export const sentences: Readonly<Record<string, readonly string[]>> = {
  en: [
    'The night train to the north left two hours late again and nobody at the station could tell us why',
    'Slept like a stone on the night train, woke up beside the sea and had coffee in the dining car',
    'Why does the night train cost twice as much as a flight when it takes eleven hours longer to get there?',
    'They promise a new night train with showers in every compartment by the end of next year, I will believe it when I see it',
    'Lost my grandmother’s ring in car nine of the night train yesterday, please write to me if you found it',
    'The conductor of the night train made pancakes for all the children this morning, give that man a medal',
  ],
  de: [
    'Der Nachtzug in den Norden fuhr schon wieder zwei Stunden zu spät ab und niemand am Bahnhof wusste warum',
    'Im Nachtzug geschlafen wie ein Stein, am Meer aufgewacht und im Speisewagen Kaffee getrunken',
    'Warum kostet der Nachtzug doppelt so viel wie ein Flug, wenn er elf Stunden länger braucht?',
    'Bis Ende nächsten Jahres versprechen sie einen neuen Nachtzug mit Dusche in jedem Abteil, das glaube ich erst, wenn ich ihn sehe',
    'Gestern in Wagen neun des Nachtzugs den Ring meiner Großmutter verloren, bitte schreib mir, falls du ihn gefunden hast',
    'Der Schaffner im Nachtzug hat heute früh für alle Kinder Pfannkuchen gebacken, gebt dem Mann einen Orden',
  ],
  nl: [
    'De nachttrein naar het noorden vertrok alweer twee uur te laat en niemand op het station wist waarom',
    'Geslapen als een blok in de nachttrein, wakker geworden aan zee en koffie gedronken in de restauratiewagen',
    'Waarom kost de nachttrein twee keer zoveel als een vlucht terwijl hij er elf uur langer over doet?',
    'Voor het einde van volgend jaar beloven ze een nieuwe nachttrein met een douche in elke coupé, eerst zien en dan geloven',
    'Gisteren in rijtuig negen van de nachttrein de ring van mijn oma verloren, stuur me een bericht als je hem vond',
    'De conducteur van de nachttrein bakte vanochtend pannenkoeken voor alle kinderen, geef die man een lintje',
  ],
  sv: [
    'Nattåget norrut gick två timmar för sent igen och ingen på stationen kunde säga varför',
    'Sov som en stock på nattåget, vaknade vid havet och drack kaffe i restaurangvagnen',
    'Varför kostar nattåget dubbelt så mycket som ett flyg när det tar elva timmar längre tid?',
    'De lovar ett nytt nattåg med dusch i varje kupé före slutet av nästa år, det tror jag när jag får se det',
    'Tappade min mormors ring i vagn nio på nattåget igår, skriv gärna till mig om du har hittat den',
    'Konduktören på nattåget stekte pannkakor till alla barnen i morse, ge den mannen en medalj',
  ],
  fr: [
    'Le train de nuit vers le nord est encore parti avec deux heures de retard et personne à la gare ne savait pourquoi',
    'Dormi comme une pierre dans le train de nuit, réveillé au bord de la mer avec un café au wagon-restaurant',
    'Pourquoi le train de nuit coûte deux fois le prix d’un vol alors qu’il met onze heures de plus ?',
    'On nous promet un nouveau train de nuit avec une douche par compartiment avant la fin de l’an prochain, je demande à voir',
    'Perdu hier la bague de ma grand-mère dans la voiture neuf du train de nuit, écrivez-moi si vous la trouvez',
    'Ce matin le contrôleur du train de nuit a fait des crêpes pour tous les enfants, donnez-lui une médaille',
  ],
  es: [
    'El tren nocturno al norte volvió a salir con dos horas de retraso y nadie en la estación supo decirnos por qué',
    'Dormí como un tronco en el tren nocturno, desperté junto al mar y tomé café en el vagón restaurante',
    '¿Por qué el tren nocturno cuesta el doble que un vuelo si tarda once horas más en llegar?',
    'Prometen otro tren nocturno con ducha en cada compartimento antes de que acabe el año que viene, lo creeré cuando lo vea',
    'Ayer perdí el anillo de mi abuela en el coche nueve del tren nocturno, escríbeme si lo has encontrado',
    'El revisor del tren nocturno hizo tortitas esta mañana para todos los niños, que le den una medalla',
  ],
  ru: [
    'Ночной поезд на север опять отправился с опозданием на два часа, и никто на вокзале не знал почему',
    'Спал в ночном поезде как убитый, проснулся у моря и выпил кофе в вагоне-ресторане',
    'Почему ночной поезд стоит вдвое дороже самолёта, если он идёт на одиннадцать часов дольше?',
    'К концу следующего года обещают новый ночной поезд с душем в каждом купе, поверю, когда увижу сам',
    'Вчера потеряла бабушкино кольцо в девятом вагоне ночного поезда, напишите мне, если найдёте',
    'Проводник ночного поезда сегодня утром испёк блины для всех детей, дайте этому человеку медаль',
  ],
  ar: [
    'غادر قطار الليل المتجه إلى الشمال متأخرا ساعتين مرة أخرى ولم يعرف أحد في المحطة السبب',
    'نمت نوما عميقا في قطار الليل واستيقظت بجانب البحر وشربت القهوة في عربة المطعم',
    'لماذا يكلف قطار الليل ضعف ثمن الطائرة وهو يستغرق إحدى عشرة ساعة أطول؟',
    'يعدوننا بقطار ليلي جديد فيه حمام لكل مقصورة قبل نهاية العام القادم وسأصدق ذلك عندما أراه',
    'أضعت أمس خاتم جدتي في العربة التاسعة من قطار الليل فراسلوني من فضلكم إذا وجدتموه',
    'صنع مفتش قطار الليل هذا الصباح فطائر لجميع الأطفال فامنحوا هذا الرجل وساما',
  ],
  ja: [
    '北へ向かう夜行列車がまた二時間も遅れて出発したのに、駅では誰も理由を教えてくれなかった',
    '夜行列車でぐっすり眠って、目が覚めたら海のそばだった。食堂車で飲んだコーヒーが最高',
    'どうして夜行列車は飛行機より十一時間も長くかかるのに値段が二倍もするんだろう',
    '来年の終わりまでに全個室シャワー付きの新しい夜行列車ができるらしいけど、見るまで信じない',
    '昨日、夜行列車の九号車で祖母の指輪をなくしました。見つけた方は連絡をください',
    '今朝、夜行列車の車掌さんが子どもたち全員にパンケーキを焼いてくれた。勲章をあげたい',
  ],
  zh: [
    '开往北方的夜行列车又晚点两个小时才出发，车站里没有一个人能告诉我们原因',
    '在夜行列车上睡得很香，醒来已经到了海边，还在餐车里喝了一杯咖啡',
    '夜行列车比飞机多花十一个小时，为什么票价反而贵一倍？',
    '他们承诺明年年底前推出每个包厢都带淋浴的新型夜行列车，我要亲眼看到才相信',
    '昨天我把奶奶的戒指丢在了夜行列车九号车厢，捡到的朋友请给我留言',
    '今天早上夜行列车的列车员给所有孩子做了煎饼，真应该给他发一枚奖章',
  ],
  th: [
    'รถไฟกลางคืนขึ้นเหนือออกช้าไปสองชั่วโมงอีกแล้ว และไม่มีใครที่สถานีบอกได้ว่าเพราะอะไร',
    'หลับสนิทบนรถไฟกลางคืน ตื่นมาอยู่ริมทะเลแล้วดื่มกาแฟในตู้เสบียง',
    'ทำไมตั๋วรถไฟกลางคืนแพงกว่าเครื่องบินสองเท่า ทั้งที่ใช้เวลานานกว่าตั้งสิบเอ็ดชั่วโมง',
    'เขาสัญญาว่าปลายปีหน้าจะมีขบวนใหม่ที่มีฝักบัวทุกห้อง ฉันจะเชื่อก็ต่อเมื่อได้เห็นกับตา',
    'เมื่อวานทำแหวนของคุณยายหายในตู้ที่เก้าของรถไฟกลางคืน ใครเจอช่วยส่งข้อความหาฉันที',
    'เช้านี้พนักงานรถไฟกลางคืนทำแพนเค้กให้เด็กทุกคน ควรมอบเหรียญให้ผู้ชายคนนี้จริงๆ',
  ],
}

/** Always the same numbers below `most` (a linear congruential generator). */
export function dice(seed: number): (most: number) => number {
  let state = seed
  return most => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

type Roll = (most: number) => number
type Edit = (parts: string[], roll: Roll) => string[]

/** Words; or single signs where words are not spaced. */
const isSpaced = (text: string) => text.split(' ').length > 7
const partsOf = (text: string): string[] => (isSpaced(text) ? text.split(' ') : [...text])
const joined = (parts: readonly string[], like: string): string => parts.join(isSpaced(like) ? ' ' : '')

/** The same to about every tenth of them, at least to one. */
const some =
  (change: (parts: string[], at: number, roll: Roll) => void): Edit =>
  (parts, roll) => {
    const changed = [...parts]
    for (let nth = 0; nth < Math.max(1, Math.floor(parts.length / 10)); nth++) change(changed, roll(changed.length - 1), roll)
    return changed
  }

const typed = (word: string, at: number): string =>
  `${word.slice(0, at)}${String.fromCharCode((word.charCodeAt(at) || 97) + 1)}${word.slice(at + 1)}`

/** What changes the words. */
export const changes: Readonly<Record<string, Edit>> = {
  swapped: some((parts, at) => parts.splice(at, 2, parts[at + 1]!, parts[at]!)),
  replaced: some((parts, at, roll) => parts.splice(at, 1, parts[roll(parts.length)]!)),
  mistyped: some((parts, at, roll) => parts.splice(at, 1, typed(parts[at]!, roll(parts[at]!.length)))),
  dropped: some((parts, at) => parts.splice(at, 1)),
  shortened: (parts, roll) => parts.slice(0, Math.ceil(parts.length * (0.65 + roll(30) / 100))),
}

/** What changes only what stands around them. */
export const dressings: Readonly<Record<string, (text: string, roll: Roll) => string>> = {
  tagged: text => `${text} #nighttrain #travel #north`,
  linked: (text, roll) => `${text} https://www.example.org/news?utm_source=feed&utm_id=${roll(1e6)}`,
  mentioned: (text, roll) => `@anna${roll(100)}@example.social ${text}`,
  passedOn: text => `RT @nightly.example: ${text}`,
  shouted: text => text.toUpperCase(),
  plain: text => text.replace(/[,!?;，。？、]/g, ''),
  cheerful: text => `🔥🔥 ${text} 😂👍🏽`,
  spaced: text => `  ${text.replaceAll(' ', '\u00a0 ')}\u200b\n`,
}

/** One or two changes of the words and as many around them. */
export function edited(text: string, roll: Roll): string {
  let it = text
  for (let nth = roll(3); nth > 0; nth--) it = joined(oneOf(Object.values(changes), roll)(partsOf(it), roll), text)
  for (let nth = 1 + roll(2); nth > 0; nth--) it = oneOf(Object.values(dressings), roll)(it, roll)
  return it
}

const oneOf = <T>(list: readonly T[], roll: Roll): T => list[roll(list.length)]!
