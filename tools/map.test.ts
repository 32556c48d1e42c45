import assert from 'node:assert/strict'
import { test } from 'node:test'
import { treeOf } from './check/fixture.ts'
import { modulesOf } from './map.ts'

test('a module is read from its files: what it promises, says, does, shows, hears and keeps', () => {
  const tree = treeOf({
    'src/areas/crm/README.md': '# CRM\n\nListens and answers,\nin one inbox. And more.\n',
    'src/areas/crm/words.ts': `export const Closed = word('Remove', 'Case', x)\nconst inner = word('Add', 'Case', x)\n`,
    'src/areas/crm/actions.ts': `export const close = action({ says: 'Close a case', who: 'inbox.work' })\nexport const greet = on(Closed, 'to say goodbye', run)\n`,
    'src/areas/crm/pages.tsx': `export const inbox = page('/inbox', about, view)\nexport const doClose = form('/inbox/close', close, then)\nexport const panel = offer(slot, view)\nexport const picture = raw('GET', '/picture', 'nobody', answer)\n`,
    'src/areas/crm/0001-crm.sql': `create table crm_case (org uuid); create view open_case as select 1;`,
    'src/kernel/clock.ts': '',
    'channels/pigeon/channel.ts': '',
  })
  const [kernel, crm, pigeon, ...more] = modulesOf(tree)
  assert.deepEqual([kernel?.folder, pigeon?.folder, more.length], ['src/kernel', 'channels/pigeon', 0])
  assert.deepEqual(crm, {
    folder: 'src/areas/crm',
    promise: 'Listens and answers, in one inbox.',
    words: ['Closed (Remove Case)'],
    actions: ['close: Close a case [inbox.work]'],
    seen: ['page /inbox', 'form /inbox/close', 'panel panel', 'GET /picture'],
    hears: ['greet: to say goodbye'],
    keeps: ['crm_case', 'open_case (view)'],
  })
})
