-- Addresses of other programs that are told what happens here, and what became of each telling.
create table hook (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null,
  url text not null,
  -- Names of activities; empty: whatever happens.
  types text[] not null default '{}',
  secret text not null,
  -- For a day after a new one was made, both are used.
  secret_before text,
  secret_before_until timestamptz,
  -- Since when nothing has arrived, and when it was tried last.
  failing_since timestamptz,
  failed_at timestamptz,
  disabled_at timestamptz,
  -- Why the house itself gave up: `gone`, `failing`.
  disabled_because text,
  by uuid,
  created_at timestamptz not null,
  primary key (org, id)
);
call protect('hook');

create table hook_delivery (
  org uuid not null default current_org(),
  id uuid not null,
  hook uuid not null,
  activity uuid,
  type text not null,
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  attempts integer not null default 0,
  -- Attempts before it was sent again by hand.
  attempts_before integer not null default 0,
  due_at timestamptz,
  tried_at timestamptz,
  took_ms integer,
  status integer,
  answer text,
  created_at timestamptz not null,
  primary key (org, id)
);
create unique index hook_delivery_once on hook_delivery (org, hook, activity);
create index hook_delivery_hook on hook_delivery (org, hook, id);
create index hook_delivery_created on hook_delivery (org, created_at);
call protect('hook_delivery');
