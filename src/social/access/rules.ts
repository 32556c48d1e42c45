/** What is decided about passwords and names of organisations. */
import { Refusal } from '#kernel/errors.ts'

const known = new Set(
  `password passwort wachtwoord losenord lösenord 1234567890 0123456789 12345678910 123456789a qwertyuiop qwertzuiop azertyuiop 1q2w3e4r5t q1w2e3r4t5 abcdefghij
  abcdefghijk letmeinletmein iloveyou iloveyou123 password12 password123 password1234 passwort123 passwort1234 welkom1234 welkom12345 wachtwoord1 wachtwoord123
  hallo12345 hallo123456 sommer2026 sommer2025 winter2026 winter2025 sommar2026 zomer2026 changeme123 changemenow admin12345 admin123456 administrator
  administrator1 superman123 football123 fussball123 voetbal123 fotboll123 sunshine123 princess123 schatzi123 geheim12345 geheim123456 hemligt123 geheim1234
  asdfghjkl1 asdfghjkl123 asdfasdfasdf qwerty123456 qwertz123456 trefoil123 trefoil1234 trefoiltrefoil testtesttest test123456 testing123 1111111111 0000000000
  1212121212 1231231231 9876543210 0987654321 aaaaaaaaaa qweasdzxc123 zaq12wsxcde3 1qaz2wsx3edc p@ssw0rd123 p@ssword123 passw0rd123 master12345 dragon12345
  monkey12345 michael1234 daniel12345 thomas12345 starwars123 pokemon1234 computer123 internet123 whatever123 liverpool123 arsenal1234 chelsea1234 bayern12345`.split(
    /\s+/,
  ),
)

/** A password is neither one that everybody knows, nor one sign repeated, nor made of the name, the address or the organisation. */
export function mayBePassword(password: string, about: { name?: string; email?: string; organisation?: string }): void {
  const plain = password.toLowerCase().trim()
  const easy = known.has(plain) || new Set(plain).size < 4 || isRun(plain) || isMadeOf(plain, about)
  if (easy) throw new Refusal('invalid', 'access.passwordEasy', {}, { fields: [{ field: 'password', key: 'access.passwordEasy' }] })
}

const isRun = (text: string) => [...text].every((sign, at) => at === 0 || sign.charCodeAt(0) - text.charCodeAt(at - 1) === 1)

function isMadeOf(plain: string, about: { name?: string; email?: string; organisation?: string }): boolean {
  const parts = [about.name, about.email?.split('@')[0], about.email, about.organisation].flatMap(text => [text, text?.replaceAll(' ', '')])
  return parts.some(part => part && part.length >= 4 && plain.replaceAll(part.toLowerCase(), '').length < 4)
}

/** The short name of an organisation keeps letters and digits, without accents, joined by hyphens. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .split('-')
    .filter(Boolean)
    .join('-')
  return slug || 'organisation'
}
