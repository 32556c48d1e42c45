-- Whatever is said: one table for the shared nouns. Each belongs to a thread; its audience says who may see it.
create table content (
  org uuid not null default current_org(),
  id uuid not null,
  noun text not null,
  thread uuid not null,
  author uuid,
  audience text not null default 'staff' check (audience in ('public', 'thread', 'staff', 'members')),
  -- Whose members, when the audience is `members`.
  space uuid,
  side text not null default 'inside' check (side in ('inside', 'outside')),
  at timestamptz not null,
  subject text check (length(subject) <= 1000),
  text text not null default '' check (length(text) <= 2000000),
  -- As it came; it is cleaned each time that it is shown.
  html text check (length(html) <= 8000000),
  quoted text check (length(quoted) <= 2000000),
  language text,
  channel text,
  -- What its noun adds: addresses, flaws, whether a machine wrote it.
  detail jsonb not null default '{}',
  edited_at timestamptz,
  -- Its words stay for a while, so that it can come back; then only the empty place is left.
  deleted_at timestamptz,
  deleted_by uuid,
  primary key (org, id),
  -- An internal note can never leave, whoever asks.
  check (noun <> 'Note' or audience = 'staff')
);
create index content_thread on content (org, thread, id);
create index content_author on content (org, author, id) where author is not null;
create index content_deleted on content (org, deleted_at) where deleted_at is not null and not detail ? 'emptied';
call protect('content');

-- Earlier texts of what was edited.
create table revision (
  org uuid not null default current_org(),
  content uuid not null,
  at timestamptz not null,
  by uuid,
  subject text,
  text text not null,
  html text,
  primary key (org, content, at)
);
call protect('revision');

create table attachment (
  org uuid not null default current_org(),
  content uuid not null,
  position integer not null,
  file uuid not null,
  name text not null,
  type text not null,
  size bigint not null,
  cid text,
  inline boolean not null default false,
  primary key (org, content, position)
);
create index attachment_file on attachment (org, file);
call protect('attachment');

create table mention (
  org uuid not null default current_org(),
  content uuid not null,
  person uuid not null,
  at timestamptz not null,
  primary key (org, content, person)
);
create index mention_person on mention (org, person, at);
call protect('mention');

create view content_card with (security_invoker = true) as
  select org, id, noun, thread, author, audience, space, side, at, subject, left(text, 300) as snippet, channel from content where deleted_at is null;
create view mention_of with (security_invoker = true) as
  select org, content, person, at from mention;
grant select on content_card, mention_of to trefoil_app;
