-- Every object belongs to one thread. It can cross channels and the wall between inside and outside.
create table thread (
  org uuid not null default current_org(),
  id uuid not null,
  subject text not null default '' check (length(subject) <= 1000),
  -- What it is about: `conversation` with someone outside, `discussion` in a space …
  kind text not null default 'conversation',
  -- The widest audience that anything in it may have.
  audience text not null default 'thread' check (audience in ('public', 'thread', 'staff', 'members')),
  space uuid,
  -- Who outside (or who else) it is with.
  person uuid,
  started_at timestamptz not null,
  last_at timestamptz not null,
  messages integer not null default 0,
  snippet text not null default '',
  channel text,
  account uuid,
  merged_into uuid,
  primary key (org, id)
);
create index thread_last on thread (org, last_at desc, id desc);
create index thread_person on thread (org, person, last_at desc, id desc);
create index thread_space on thread (org, space, last_at desc, id desc) where space is not null;
call protect('thread');

-- Who takes part or watches, and how far they have read.
create table thread_member (
  org uuid not null default current_org(),
  thread uuid not null,
  person uuid not null,
  because text not null,
  since timestamptz not null,
  read_to uuid,
  muted_at timestamptz,
  primary key (org, thread, person)
);
create index thread_member_person on thread_member (org, person, thread);
call protect('thread_member');

create table draft (
  org uuid not null default current_org(),
  person uuid not null,
  key text not null check (length(key) <= 200),
  body jsonb not null,
  at timestamptz not null,
  primary key (org, person, key)
);
call protect('draft');

create view thread_card with (security_invoker = true) as
  select org, id, subject, kind, audience, space, person, started_at, last_at, messages, snippet, channel, account from thread;
grant select on thread_card to trefoil_app;
