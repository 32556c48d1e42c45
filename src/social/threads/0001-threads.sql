-- Every object belongs to one thread. It can cross channels and the wall between inside and outside.
create table thread (
  org uuid not null default current_org(),
  id uuid not null,
  subject text not null default '' check (length(subject) <= 1000),
  -- What it is about: `conversation` with someone outside, `discussion` in a space …
  kind text not null default 'conversation' check (length(kind) <= 40),
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
  -- For threads that turn out to be one: everything asks for the one that stands.
  merged_into uuid,
  primary key (org, id)
);
create index thread_last on thread (org, last_at desc, id desc);
create index thread_person on thread (org, person, last_at desc, id desc);
create index thread_space on thread (org, space, last_at desc, id desc) where space is not null;
call protect('thread');

-- Who takes part, and how far they have read. `read` = has seen it and nothing else; every other reason means that they are told of news.
create table thread_member (
  org uuid not null default current_org(),
  thread uuid not null,
  person uuid not null,
  because text not null check (because in ('wrote', 'mention', 'assigned', 'watch', 'read')),
  since timestamptz not null,
  read_to uuid,
  muted_at timestamptz,
  primary key (org, thread, person)
);
create index thread_member_person on thread_member (org, person, thread);
call protect('thread_member');

create view thread_card with (security_invoker = true) as
  select org, id, subject, kind, audience, space, person, started_at, last_at, messages, snippet, channel, account from thread where merged_into is null;
create view thread_part with (security_invoker = true) as
  select org, thread, person, because, since, read_to, muted_at from thread_member;
grant select on thread_card, thread_part to trefoil_app;
