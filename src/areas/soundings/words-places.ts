/** Countries as tiles, each about where it lies: a picture of our own without borders, in which small countries are as easy to hit as large ones. */

const rows = [
  '.. .. .. .. .. .. .. GL .. .. .. IS .. .. NO SE FI .. .. .. .. .. .. .. .. .. .. ..',
  '.. CA .. .. .. .. .. .. .. .. .. .. .. .. .. .. EE .. RU .. .. .. .. .. .. .. .. ..',
  '.. US .. .. .. .. .. .. .. .. IE GB .. DK .. .. LV .. .. .. KZ .. MN .. .. .. .. ..',
  '.. .. .. .. .. .. .. .. .. .. .. .. NL DE PL LT BY .. .. UZ KG .. CN KP .. .. JP ..',
  '.. .. .. .. .. .. .. .. .. .. BE LU CZ SK UA .. .. TM TJ .. .. KR .. .. .. .. .. ..',
  '.. MX .. .. BS .. .. .. .. .. FR CH LI AT HU MD RO GE AM AZ AF .. BT .. TW .. .. ..',
  '.. GT BZ CU .. .. .. .. .. PT ES AD MC SM SI HR RS BG TR IR PK NP BD HK MO .. .. ..',
  '.. SV HN .. HT DO .. .. .. .. .. .. .. IT VA BA ME XK MK SY IQ IN MM LA VN .. PH ..',
  '.. .. NI .. JM PR .. .. .. .. .. .. .. MT .. AL GR CY LB IL JO .. TH KH .. .. .. ..',
  '.. .. CR .. KN AG .. .. .. MA DZ TN LY EG .. .. .. .. PS SA KW .. .. MY BN .. .. PW',
  '.. .. PA .. DM LC .. .. .. EH ML NE TD SD .. .. .. .. .. BH QA .. LK SG .. .. .. FM',
  '.. .. .. .. VC BB .. CV SN MR BF NG CF SS ER .. .. .. YE OM AE MV .. ID TL PG .. MH',
  '.. .. CO VE GD TT .. GM GW GN CI BJ CM CD ET DJ .. .. .. .. .. .. .. .. .. .. SB NR',
  '.. EC .. GY SR GF .. SL LR GH TG GQ GA UG KE SO .. .. .. .. .. .. .. .. .. VU .. KI',
  '.. .. PE BR .. .. .. .. .. .. .. ST CG RW TZ .. SC .. .. .. .. .. .. AU .. FJ NC TV',
  '.. .. BO PY .. .. .. .. .. .. .. AO ZM BI MW KM .. .. .. .. .. .. .. .. .. .. TO WS',
  '.. .. CL AR UY .. .. .. .. .. .. NA BW ZW MZ MG MU .. .. .. .. .. .. .. NZ .. .. ..',
  '.. .. .. .. .. .. .. .. .. .. .. .. ZA LS SZ .. .. .. .. .. .. .. .. .. .. .. .. ..',
]

export interface Tile {
  /** ISO 3166-1 alpha-2, in small letters as sources state it. */
  country: string
  column: number
  row: number
}

export const tiles: readonly Tile[] = rows.flatMap((text, row) =>
  text.split(' ').flatMap((code, column) => (code === '..' ? [] : [{ country: code.toLowerCase(), column, row }])),
)
export const tileColumns = 28
export const tileRows = rows.length
