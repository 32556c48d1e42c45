import { drawingAgain } from '#kernel/html/again.tsx'
import {
  ActionForm,
  Badge,
  Button,
  Card,
  EmptyState,
  Form,
  IconButton,
  Input,
  Item,
  ItemList,
  Page,
  PageHead,
  Pager,
  Panel,
  Row,
  Select,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, type Html, offer, page, type See } from '#kernel/page.tsx'
import { remembered } from '#kernel/remembered.ts'
import { localOf } from '#kernel/zones.ts'
import { colleagues } from '#social/members/actions.ts'
import { threadAside } from '#social/threads/words.ts'
import * as tasks from './actions.ts'
import { isLate } from './rules.ts'
import type { Task } from './words.ts'

const todayIn = ({ ctx }: See): string => {
  const { year, month, day } = localOf(ctx.now, ctx.zone)
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

/** Beside a thread: what is to be done there, and one field for one thing more. */
export const beside = offer(
  threadAside,
  async (see, { thread }): Promise<Html> => {
    const [items, people] = await Promise.all([
      tasks.tasksIn(see.ctx, thread),
      remembered(see.ctx, 'tasks.colleagues', ['members', 'people', 'person:'], () => colleagues(see.ctx)),
    ])
    const names = new Map(people.map(each => [each.person, each.name]))
    return (
      <Panel title={t('tasks.title')} count={items.filter(each => !each.done).length} folds closed={items.length === 0}>
        {items.length > 0 && (
          <ItemList label={t('tasks.title')}>
            {items.map(each => (
              <One task={each} name={names.get(each.person ?? '')} today={todayIn(see)} />
            ))}
          </ItemList>
        )}
        <Form action={`/threads/${thread}/tasks`} label={t('tasks.add')}>
          {drawingAgain('tasks.add')(
            people.flatMap(each => [each.person, each.name]),
            () => (
              <NewTask people={people} />
            ),
          )}
        </Form>
      </Panel>
    )
  },
  { order: 60, who: 'content.react' },
)

const NewTask = ({ people }: { people: { person: string; name: string }[] }) => (
  <>
    <Input name="text" id="task-text" label={t('tasks.what')} maxlength={300} required autocomplete="off" />
    <Select
      name="person"
      label={t('tasks.who')}
      empty={t('tasks.nobody')}
      choices={people.map(each => ({ value: each.person, label: each.name }))}
    />
    <Input name="until" type="date" label={t('tasks.until')} optional />
    <Button size="small" icon="add">
      {t('tasks.add')}
    </Button>
  </>
)

const One = ({ task, name, today, href }: { task: Task; name: string | undefined; today: string; href?: string }) => (
  <Item
    face={
      <ActionForm action={`/tasks/${task.id}/${task.done ? 'open' : 'done'}`}>
        <IconButton
          icon={task.done ? 'checkCircle' : 'circle'}
          label={t(task.done ? 'tasks.openAgain' : 'tasks.tick', { text: task.text })}
          pressed={task.done}
          size="small"
        />
      </ActionForm>
    }
    title={<bdi>{task.text}</bdi>}
    href={href}
    detail={
      <>
        {[name, task.until && date(new Date(`${task.until}T12:00:00Z`))].filter(Boolean).join(' · ')}
        {isLate(task, today) && <Badge tone="warning">{t('tasks.late')}</Badge>}
      </>
    }
    end={
      <ActionForm action={`/tasks/${task.id}/remove`}>
        <IconButton icon="close" label={t('tasks.remove', { text: task.text })} size="small" />
      </ActionForm>
    }
  />
)

export const mine = page('/tasks', { who: 'content.react', finds: () => [{ title: t('tasks.mine'), icon: 'task' }] }, async see => {
  const { items, next } = await tasks.list(see.ctx, { before: see.query.get('before') ?? undefined })
  return {
    title: t('tasks.mine'),
    live: [`person:${see.ctx.actor.person}`, ...new Set(items.map(each => `tasks:${each.thread}`))],
    body: (
      <Page width="reading">
        <PageHead title={t('tasks.mine')} detail={t('tasks.mineWhy')} />
        {items.length === 0 ? (
          <EmptyState title={t('tasks.empty')} why={t('tasks.emptyWhy')} icon="task" />
        ) : (
          <Card flush>
            <ItemList label={t('tasks.mine')}>
              {items.map(each => (
                <One task={each} name={undefined} today={todayIn(see)} href={`/threads/${each.thread}`} />
              ))}
            </ItemList>
          </Card>
        )}
        <Row>
          <Pager older={next ? `/tasks?before=${next}` : undefined} />
        </Row>
      </Page>
    ),
  }
})

export const doAdd = form('/threads/:thread/tasks', tasks.add, {
  read: (fields, { thread }) => ({
    thread: thread!,
    text: String(fields.get('text') ?? ''),
    person: String(fields.get('person') ?? '') || null,
    until: String(fields.get('until') ?? '') || null,
  }),
  done: (_see, { task }) => ({ stay: true, say: 'tasks.isAdded', undo: { path: `/tasks/${task}/remove`, fields: {} } }),
})

export const doFinish = form('/tasks/:task/done', tasks.finish, {
  done: (_see, _out, { task }) => ({ stay: true, say: 'tasks.isDone', undo: { path: `/tasks/${task}/open`, fields: {} } }),
})
export const doReopen = form('/tasks/:task/open', tasks.reopen, { done: () => ({ stay: true }) })
export const doRemove = form('/tasks/:task/remove', tasks.remove, {
  done: (_see, _out, { task }) => ({ stay: true, say: 'tasks.isRemoved', undo: { path: `/tasks/${task}/back`, fields: {} } }),
})
export const doBringBack = form('/tasks/:task/back', tasks.bringBack, { done: () => ({ stay: true }) })
