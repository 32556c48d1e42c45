-- A rule: when, if, then. What it says stands in its version; one that is off does nothing.
create table routing_rule (
  org uuid not null default current_org(),
  id uuid not null,
  position integer not null,
  version uuid not null,
  -- Since when it is on; what was due by time before that is none of its business.
  on_since timestamptz,
  archived_at timestamptz,
  -- When it was last stopped because it would have run by what it had itself begun.
  stopped_at timestamptz,
  primary key (org, id)
);
call protect('routing_rule');

-- What a rule said, by whom and since when: its history, and what an explanation refers to.
create table routing_version (
  org uuid not null default current_org(),
  id uuid not null,
  rule uuid not null,
  -- By the schema of the module's words.
  definition jsonb not null,
  by_person uuid,
  at timestamptz not null,
  primary key (org, id)
);
create index routing_version_rule on routing_version (org, rule, id desc);
call protect('routing_version');

-- Which versions stood in force together, in their order; explanations refer to it by their places.
create table routing_set (
  org uuid not null default current_org(),
  id uuid not null,
  key text not null,
  versions uuid[] not null,
  primary key (org, id)
);
create unique index routing_set_key on routing_set (org, key);
call protect('routing_set');

-- One thing that happened, and what each rule made of it.
create table routing_run (
  org uuid not null default current_org(),
  id uuid not null,
  thing uuid not null,
  -- The conversation that it is, or that a case is talked about in.
  thread uuid,
  at timestamptz not null,
  event text not null,
  cause text not null check (length(cause) <= 100),
  rules uuid not null,
  -- For each rule of the set that listens to this one letter: the place of the first condition that did not hold, or how it ended.
  looked text not null,
  did jsonb not null default '[]',
  -- The rules that led to it, each by what the one before had done.
  chain uuid[] not null default '{}',
  primary key (org, id)
);
create unique index routing_run_once on routing_run (org, thing, event, cause);
create index routing_run_thing on routing_run (org, thing, id desc);
call protect('routing_run');
call protect_closed('routing_run', 'thread');

-- Which rule ran when, for its own page.
create table routing_hit (
  org uuid not null default current_org(),
  rule uuid not null,
  run uuid not null,
  primary key (org, rule, run)
);
call protect('routing_hit');

-- How often each rule ran on each day.
create table routing_day (
  org uuid not null default current_org(),
  rule uuid not null,
  day date not null,
  n integer not null,
  primary key (org, rule, day)
);
call protect('routing_day');

-- What a rule made, so that the rules that hear of it know whose doing it is.
create table routing_chain (
  org uuid not null default current_org(),
  thing uuid not null,
  chain uuid[] not null,
  at timestamptz not null,
  primary key (org, thing)
);
create index routing_chain_at on routing_chain (org, at);
call protect('routing_chain');

-- Conversations that wait for somebody of a team.
create table routing_queue (
  org uuid not null default current_org(),
  thread uuid not null,
  team uuid not null,
  wanted jsonb not null,
  rule uuid not null,
  since timestamptz not null,
  because text not null,
  primary key (org, thread)
);
create index routing_queue_team on routing_queue (org, team, since, thread);
call protect('routing_queue');
call protect_closed('routing_queue', 'thread');

-- Whose turn it was last.
create table routing_turn (
  org uuid not null default current_org(),
  team uuid not null,
  person uuid not null,
  at timestamptz not null,
  primary key (org, team, person)
);
call protect('routing_turn');

-- What is closed by itself, unless something is said or done before.
create table routing_closing (
  org uuid not null default current_org(),
  thread uuid not null,
  rule uuid not null,
  due_at timestamptz not null,
  -- When our last answer had left, as it was when this was decided.
  stood timestamptz,
  primary key (org, thread)
);
create index routing_closing_due on routing_closing (org, due_at);
call protect('routing_closing');
call protect_closed('routing_closing', 'thread');

-- Whom a notice went to, and for which absence.
create table routing_notice (
  org uuid not null default current_org(),
  person uuid not null,
  key text not null check (length(key) <= 200),
  at timestamptz not null,
  primary key (org, person, key)
);
create index routing_notice_at on routing_notice (org, at);
call protect('routing_notice');

-- What a colleague wants to be told of, and where.
create table routing_watch (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  event text not null,
  -- A saved view, a team, or anywhere.
  place text not null check (place in ('view', 'team', 'unowned', 'any')),
  target uuid,
  made_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
create index routing_watch_person on routing_watch (org, person);
create index routing_watch_event on routing_watch (org, event) where removed_at is null;
call protect('routing_watch');
