import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { countMarked } from '#measures/actions.ts'
import { record } from '#social/activities/actions.ts'
import { Said } from '#social/content/words.ts'
import * as models from './actions.ts'
import { type Framework, type Result, texts } from './words.ts'

const house = await testHouse()
const hour = 3_600_000
const words = texts('x', 'x', 'x', 'x')
const mark = { provenance: 'proposal' as const, sources: [] }

const indicator = (id: string, measure: string, shows: 'defined' | 'followed', cut: number): Framework['indicators'][number] => ({
  id,
  question: words,
  action: words,
  evidence: ['conversation'],
  measure,
  unit: 'share',
  windowDays: 90,
  minSample: 3,
  maxAgeDays: 45,
  scale: { kind: 'threshold', cuts: [cut] },
  shows,
  ...mark,
})
const model: Framework = {
  id: 'test.model',
  version: '1.0.0',
  kind: 'pillars',
  name: words,
  about: words,
  authors: ['Test'],
  year: 2000,
  sources: [],
  overall: 'talk',
  nodes: [
    { id: 'talk', type: 'requirement', label: words, indicators: ['answers'], ...mark },
    { id: 'rules', type: 'requirement', label: words, indicators: ['policy'], ...mark },
  ],
  edges: [],
  indicators: [indicator('answers', 'response.rate', 'followed', 0.5), indicator('policy', 'policy.inForce', 'defined', 1)],
}
models.useModels([model])

async function conversations(org: string, count: number, answered: boolean): Promise<void> {
  await asSystem(org, async ctx => {
    for (let nth = 0; nth < count; nth++) {
      const about = { thread: newId(), channel: 'email', actor: null, audience: 'thread' as const }
      const at = new Date(ctx.now.getTime() - (50 + nth) * hour)
      record(ctx, Said, { ...about, object: newId(), at, side: 'outside' })
      if (answered) record(ctx, Said, { ...about, object: newId(), at: new Date(at.getTime() + hour), side: 'inside' })
    }
  })
  await house.settle()
  while (!(await asSystem(org, ctx => countMarked(ctx)))) await new Promise(resolve => setTimeout(resolve, 20))
}

const node = async (org: string, id: string): Promise<Result> =>
  (await asSystem(org, ctx => models.show(ctx, { model: 'test.model' }))).results.find(each => each.node === id)!
const claimsChanged = async (org: string) => (await house.happened(org)).filter(each => each === 'Update:Claim').length

test('a claim turns from unknown to met by answered mail alone, opens down to its measure, and the change is told once', async () => {
  const org = await house.organisation()
  assert.equal((await node(org, 'talk')).value, null)
  await conversations(org, 2, true)
  const few = await node(org, 'talk')
  assert.equal(few.value, null)
  assert.ok(few.because.some(each => each.key === 'maturity.because.tooFew'))
  await conversations(org, 2, true)
  const met = await node(org, 'talk')
  assert.equal(met.value, 1)
  assert.equal(met.stands, 'followed')
  assert.deepEqual(
    met.evidence.map(each => 'measure' in each && each.measure),
    ['response.rate'],
  )
  assert.equal((await node(org, 'rules')).value, null, 'what nobody can see stays unknown')
  await tickNow('maturity.follow')
  await tickNow('maturity.follow')
  assert.equal(await claimsChanged(org), 1)
  const { items } = await asSystem(org, ctx => models.history(ctx, { model: 'test.model' }))
  assert.deepEqual(
    items.map(each => each.result?.value),
    [1],
  )
})

test('when the answers stop, the claim is lost and that is told as well', async () => {
  const org = await house.organisation()
  await conversations(org, 3, true)
  await tickNow('maturity.follow')
  await conversations(org, 9, false)
  await tickNow('maturity.follow')
  assert.equal((await node(org, 'talk')).value, 0)
  assert.equal(await claimsChanged(org), 2)
})

test('a statement makes what is laid down met as defined, expires at the latest after a year, and can be withdrawn', async () => {
  const org = await house.organisation()
  const admin = await house.member(org, 'administrator')
  const { id } = await house.as(org, admin, ctx =>
    models.attest(ctx, { model: 'test.model', indicator: 'policy', text: 'Page 3 of the handbook' }),
  )
  const stated = await node(org, 'rules')
  assert.deepEqual([stated.value, stated.stands, stated.evidence], [1, 'defined', [{ attestation: id }]])
  const { items } = await house.as(org, admin, ctx => models.statements(ctx, { model: 'test.model' }))
  assert.ok(items[0]!.expires.getTime() - Date.now() <= 366 * 24 * hour)
  assert.equal(items[0]!.author, admin.person)
  await house.as(org, admin, ctx => models.withdraw(ctx, { statement: id }))
  assert.equal((await node(org, 'rules')).value, null)
  await assert.rejects(
    house.as(org, admin, ctx => models.withdraw(ctx, { statement: id })),
    { code: 'notFound' },
  )
  assert.deepEqual(
    (await house.happened(org)).filter(each => each.endsWith('Statement')),
    ['Add:Statement', 'Remove:Statement'],
  )
})

test('a statement cannot show that something is done', async () => {
  const org = await house.organisation()
  const attest = (input: object) =>
    house.as(org, 'administrator', ctx => models.attest(ctx, { model: 'test.model', text: 'We do', ...input } as never))
  await assert.rejects(attest({ indicator: 'answers' }), { code: 'invalid', key: 'maturity.onlyDeedsCount' })
  await assert.rejects(attest({ indicator: 'gone' }), { code: 'notFound' })
  await assert.rejects(attest({ indicator: 'policy', expires: '2001-01-01' }), { code: 'invalid' })
  assert.deepEqual(await house.happened(org), [])
})

async function ownCopy(org: string, name = 'Ours'): Promise<string> {
  return (await house.as(org, 'administrator', ctx => models.copy(ctx, { model: 'test.model', name }))).model
}
const asAdmin = <T>(org: string, run: (ctx: Ctx) => Promise<T>) => house.as(org, 'administrator', run)
const frameworkOf = async (org: string, id: string) => (await asAdmin(org, ctx => models.show(ctx, { model: id }))).framework

test('a model is copied, changed, brought back and removed, with nothing lost', async () => {
  const org = await house.organisation()
  const id = await ownCopy(org)
  assert.equal(id, 'own.Ours')
  const changed = { ...(await frameworkOf(org, id)), year: 2026 }
  assert.deepEqual(await asAdmin(org, ctx => models.change(ctx, { model: id, revision: 1, framework: JSON.stringify(changed) })), {
    revision: 2,
  })
  assert.equal((await frameworkOf(org, id)).year, 2026)
  await assert.rejects(
    asAdmin(org, ctx => models.change(ctx, { model: id, revision: 1, framework: changed })),
    { code: 'conflict' },
  )
  assert.deepEqual(await asAdmin(org, ctx => models.restore(ctx, { model: id, revision: 1 })), { revision: 3 })
  assert.equal((await frameworkOf(org, id)).year, 2000)
  await asAdmin(org, ctx => models.remove(ctx, { model: id, revision: 3 }))
  await assert.rejects(frameworkOf(org, id), { code: 'notFound' })
  await asAdmin(org, ctx => models.restore(ctx, { model: id, revision: 2 }))
  assert.equal((await frameworkOf(org, id)).year, 2026)
  const { items } = await asAdmin(org, ctx => models.revisions(ctx, { model: id }))
  assert.deepEqual(
    items.map(each => [each.revision, each.removed]),
    [
      [5, false],
      [4, true],
      [3, false],
      [2, false],
      [1, false],
    ],
  )
  assert.equal(await ownCopy(org), 'own.Ours-2', 'a name is never taken twice')
})

test('a copy is computed like any other, and its own threshold decides', async () => {
  const org = await house.organisation()
  await conversations(org, 4, true)
  const id = await ownCopy(org)
  const framework = await frameworkOf(org, id)
  framework.indicators[0]!.minSample = 5
  await asAdmin(org, ctx => models.change(ctx, { model: id, revision: 1, framework: framework as never }))
  const { items } = await asAdmin(org, ctx => models.list(ctx, {}))
  assert.deepEqual(
    items.map(each => [each.id, each.own, each.overall?.value]),
    [
      ['test.model', false, 1],
      [id, true, null],
    ],
  )
})

test('a wrong change is refused with its places, and nothing is kept', async () => {
  const org = await house.organisation()
  const id = await ownCopy(org)
  const framework = await frameworkOf(org, id)
  const change = (data: unknown) => asAdmin(org, ctx => models.change(ctx, { model: id, revision: 1, framework: data as never }))
  await assert.rejects(change('{ not json'), { code: 'invalid', key: 'maturity.notJson' })
  await assert.rejects(change({ ...framework, id: 'own.Other' }), { code: 'invalid', key: 'maturity.idStays' })
  await assert.rejects(
    change({ ...framework, overall: 'gone' }),
    (error: { fields: { field: string }[] }) => error.fields[0]!.field === 'overall',
  )
  await assert.rejects(change({ ...framework, colour: 'red' }), { code: 'invalid' })
  await assert.rejects(
    asAdmin(org, ctx => models.change(ctx, { model: 'test.model', revision: 1, framework: framework as never })),
    { code: 'invalid' },
  )
  const { items } = await asAdmin(org, ctx => models.revisions(ctx, { model: id }))
  assert.equal(items.length, 1)
})

test('others see neither results nor own models: wrong role, wrong organisation', async () => {
  const org = await house.organisation()
  const other = await house.organisation('Another')
  const id = await ownCopy(org)
  for (const role of ['agent', 'member', 'guest', 'customer'] as const)
    await assert.rejects(
      house.as(org, role, ctx => models.list(ctx, {})),
      { code: 'forbidden' },
    )
  await assert.rejects(
    house.as(org, 'manager', ctx => models.copy(ctx, { model: 'test.model', name: 'Mine' })),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(other, 'manager', ctx => models.show(ctx, { model: id })),
    { code: 'notFound' },
  )
  assert.deepEqual(
    (await house.as(other, 'manager', ctx => models.list(ctx, {}))).items.map(each => each.id),
    ['test.model'],
  )
})

test('a wrong model in the folder stops the start and says where', () => {
  assert.throws(() => models.useModels([{ ...model, overall: 'gone' }]), /test\.model.*overall.*unknownName/)
  models.useModels([model])
})
