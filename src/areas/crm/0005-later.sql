-- The same deed for many conversations: which ones, how far it is, and what it takes to go back.
create table bulk_run (
  org uuid not null default current_org(),
  id uuid not null,
  deed jsonb not null,
  threads uuid[] not null,
  by uuid not null,
  task uuid not null,
  -- How many were looked at, and how many of them changed.
  done integer not null default 0,
  changed integer not null default 0,
  state text not null default 'running' check (state in ('running', 'done', 'cancelled', 'undoing', 'undone')),
  at timestamptz not null,
  primary key (org, id)
);
call protect('bulk_run');
create table bulk_step (
  org uuid not null default current_org(),
  run uuid not null,
  place integer not null,
  back jsonb not null,
  primary key (org, run, place)
);
call protect('bulk_step');

-- An answer that is to leave at a moment; until then nothing is said.
create table planned_answer (
  org uuid not null default current_org(),
  id uuid not null,
  thread uuid not null,
  by uuid not null,
  due_at timestamptz not null,
  -- What the answer takes, and how the conversation stood.
  input jsonb not null,
  was jsonb not null,
  made_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'held', 'sent', 'cancelled')),
  says text,
  primary key (org, id)
);
create index planned_answer_thread on planned_answer (org, thread) where state in ('waiting', 'held');
create index planned_answer_due on planned_answer (org, due_at) where state = 'waiting';
call protect('planned_answer');
call protect_closed('planned_answer', 'thread');

-- How long each colleague wants to be able to take an answer back; without a row as the house does it.
create table reply_delay (
  org uuid not null default current_org(),
  person uuid not null,
  seconds integer not null check (seconds between 0 and 300),
  primary key (org, person)
);
call protect('reply_delay');
