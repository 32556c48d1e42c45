-- A small thing to do that belongs to a thread: who does it, until when, and that it is done.
create table thread_task (
  org uuid not null default current_org(),
  id uuid not null,
  thread uuid not null,
  text text not null check (length(text) between 1 and 300),
  person uuid,
  until date,
  made_by uuid,
  made_at timestamptz not null,
  done_by uuid,
  done_at timestamptz,
  removed_at timestamptz,
  primary key (org, id)
);
create index thread_task_thread on thread_task (org, thread, id) where removed_at is null;
create index thread_task_person on thread_task (org, person, id) where done_at is null and removed_at is null;
call protect('thread_task');
call protect_closed('thread_task', 'thread');
