-- A connection that is being tried, step by step; what was asked is sealed, and forgotten when it is over.
create table channel_attempt (
  org uuid not null default current_org(),
  id uuid not null,
  channel text not null,
  account uuid,
  asked text not null,
  steps jsonb not null default '[]',
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  says text,
  by uuid,
  at timestamptz not null,
  primary key (org, id)
);
create index channel_attempt_at on channel_attempt (org, at);
call protect('channel_attempt');
