/** What is done with many conversations at once: those that are ticked, or all of a view. */
import { BulkBar, Button, Checkbox, Input, LinkButton, Menu, MenuItem, RunPage } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { form, page, type Then } from '#kernel/page.tsx'
import * as crm from './actions.ts'
import type { View } from './words.ts'

interface BulkProps {
  view: View
  label: string | undefined
  brand: string | undefined
  words: string | undefined
}

export const Bulk = ({ view, label, brand, words }: BulkProps) => {
  const action = `/inbox/${view}/bulk`
  return (
    <BulkBar id="bulk" action={action}>
      {label && <input type="hidden" name="inLabel" value={label} />}
      {brand && <input type="hidden" name="inBrand" value={brand} />}
      {words && <input type="hidden" name="inWords" value={words} />}
      <Button size="small" icon="check" name="does" value="finish">
        {t('crm.done')}
      </Button>
      <Button size="small" icon="person" name="does" value="take">
        {t('crm.take')}
      </Button>
      <Menu id="bulk-more" label={t('crm.moreDeeds')} icon="more" iconOnly size="small">
        <MenuItem icon="undo" name="does" value="reopen">
          {t('crm.reopen')}
        </MenuItem>
        <MenuItem icon="person" name="does" value="nobody">
          {t('crm.toNobody')}
        </MenuItem>
        <MenuItem icon="clock" name="does" value="tomorrow">
          {`${t('crm.snooze')}: ${t('crm.snooze.tomorrow')}`}
        </MenuItem>
        <MenuItem icon="clock" name="does" value="monday">
          {`${t('crm.snooze')}: ${t('crm.snooze.monday')}`}
        </MenuItem>
        <MenuItem icon="flag" name="does" value="spam">
          {t('crm.spam')}
        </MenuItem>
        <Input name="label" id="bulk-label" label={t('crm.label')} maxlength={60} autocomplete="off" />
        <Button size="small" icon="tag" name="does" value="label">
          {t('crm.label')}
        </Button>
        <Input name="colleague" id="bulk-colleague" label={t('crm.assign')} hint={t('crm.nameBegins')} maxlength={100} autocomplete="off" />
        <Button size="small" icon="assign" name="does" value="assign">
          {t('crm.assign')}
        </Button>
      </Menu>
      <Checkbox name="all" value={view} label={t('crm.allOfView')} />
    </BulkBar>
  )
}

interface Done {
  count: number
  back: string
  run: string | null
  does: string
}

/** Says what was done, with the way back; what takes longer is seen on a page of its own. */
export function doneWith(_see: unknown, { count, back, run, does }: Done): Then {
  if (run) return { go: `/conversations/runs/${run}` }
  return { stay: true, say: `crm.bulk.${does}`, values: { count }, undo: { path: '/inbox/unbulk', fields: { back } } }
}

const plain = (fields: FormData, name: string): string => String(fields.get(name) ?? '').trim()

export const doBulk = form('/inbox/:view/bulk', crm.bulk, {
  read: (fields, { view }) => ({
    threads: fields.has('all') ? [] : fields.getAll('threads[]').map(String),
    ...(fields.has('all') && {
      all: {
        view: view as View,
        label: plain(fields, 'inLabel') || undefined,
        brand: plain(fields, 'inBrand') || undefined,
        words: plain(fields, 'inWords') || undefined,
      },
    }),
    does: plain(fields, 'does') as 'finish',
    to: plain(fields, 'colleague') || undefined,
    label: plain(fields, 'label') || undefined,
  }),
  done: doneWith,
})

export const doUnbulk = form('/inbox/unbulk', crm.unbulk, { done: () => ({ stay: true, say: 'crm.restored' }) })

export const runPage = page('/conversations/runs/:run', { who: 'inbox.work', section: 'inbox' }, async see => {
  const run = await crm.bulkRun(see.ctx, { run: see.params.run! })
  const title = t(`crm.run.${run.deed.does}`)
  return {
    title,
    live: [`task:${run.task}`, `bulk:${run.run}`],
    body: (
      <RunPage
        title={title}
        detail={t(`crm.runState.${run.state}`, { done: number(run.changed), total: number(run.total) })}
        run={run}
        path={`/conversations/runs/${run.run}`}
        stop={t('crm.stopRun')}
        back={t('crm.undoRun')}
      >
        <LinkButton href="/inbox">{t('crm.inbox')}</LinkButton>
      </RunPage>
    ),
  }
})

export const doStopRun = form('/conversations/runs/:run/stop', crm.cancelBulk, { done: () => ({ stay: true, say: 'crm.runStops' }) })
export const doUndoRun = form('/conversations/runs/:run/undo', crm.undoBulk, { done: () => ({ stay: true }) })
