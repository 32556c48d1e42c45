-- What we want otherwise of something that stands on a network: changed, taken away, or with our account's sign on it. Each is one wish, and only the latest counts.
create table amendment (
  org uuid not null default current_org(),
  id uuid not null,
  account uuid not null,
  channel text not null,
  content uuid not null,
  thread uuid not null,
  does text not null check (does in ('edit', 'remove', 'react')),
  -- Of a sign: `like`, `share` or one emoji; empty for the others.
  kind text not null default '' check (length(kind) <= 40),
  undone boolean not null default false,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed', 'cancelled')),
  -- Counts the wishes: what was carried out counts only for the wish that it followed.
  wish integer not null default 1,
  attempts integer not null default 0,
  due_at timestamptz not null,
  says text,
  by uuid,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (org, id)
);
create unique index amendment_once on amendment (org, account, content, does, kind);
create index amendment_content on amendment (org, content);
create index amendment_open on amendment (org, due_at) where state = 'waiting';
create index amendment_failed on amendment (org, id) where state = 'failed';
call protect('amendment');
