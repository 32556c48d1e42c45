import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasMessage, inLanguage, t } from '#kernel/messages.ts'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()

const chosen = { name: 'Ships', language: 'en', zone: 'Europe/Berlin', about: '', signOff: '', from0: '09:00', to0: '17:00' }

test('hours and holidays are chosen on one page; a wrong date is pointed out at its place, and nothing is changed', async () => {
  const owner = await house.browser(await house.organisation(), 'owner')
  const page = async () => (await owner.get('/settings/organisation')).text()
  const saved = await owner.post('/settings/organisation', { ...chosen, holidays: '26.12.2026\n2026-12-25' })
  assert.equal(saved.headers.get('location'), '/settings/organisation')
  assert.match(await page(), /<textarea[^>]*name="holidays"[^>]*>2026-12-25\n2026-12-26<\/textarea>/)
  const wrong = { ...chosen, name: 'Boats', holidays: '2026-02-30' }
  const refused = await owner.post('/settings/organisation', wrong, { accept: 'text/vnd.turbo-stream.html' })
  assert.equal(refused.status, 422)
  assert.match(await refused.text(), /data-field-name="holidays"[\s\S]*2026-02-30/)
  assert.match(await page(), /value="Ships"[\s\S]*2026-12-25/)
})

test('the audit says what was done in the reader’s language, for every action that it keeps', async () => {
  const kept = house.house.modules.flatMap(module => module.actions).filter(({ info }) => !info.reads && !info.passing)
  const unsaid = kept.map(({ info }) => info.name.replace('.', '.did.')).filter(key => !hasMessage(key))
  assert.deepEqual(unsaid, [])
  const owner = await house.browser(await house.organisation(), 'owner')
  await owner.post('/settings/organisation', chosen)
  const page = await (await owner.get('/settings/audit', { 'accept-language': 'de' })).text()
  const said = inLanguage('de', () => t('members.did.changeOrganisation'))
  assert.ok(page.includes(`<span title="members.changeOrganisation">${said}</span>`))
})
