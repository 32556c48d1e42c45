-- A connected account: settings sealed, its place in the stream, and how it is.
create table channel_account (
  org uuid not null default current_org(),
  id uuid not null,
  channel text not null,
  name text not null check (length(name) between 1 and 200),
  address text not null check (length(address) between 1 and 500),
  -- Every address that is this account, as its channel makes them equal.
  own text[] not null default '{}',
  settings text not null,
  cursor text,
  state text not null default 'active' check (state in ('active', 'reconnect', 'down', 'paused')),
  state_says text,
  state_since timestamptz not null,
  -- Its network asked for silence until then.
  quiet_until timestamptz,
  heard_at timestamptz,
  connected_by uuid,
  connected_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
create unique index channel_account_address on channel_account (org, channel, address) where removed_at is null;
call protect('channel_account');

-- What a thing of ours is called on a network. Without an object, others spoke of it and it has not come itself: its thread is known already.
create table remote (
  org uuid not null default current_org(),
  channel text not null,
  remote_id text not null check (length(remote_id) <= 500),
  object uuid,
  thread uuid not null,
  account uuid,
  primary key (org, channel, remote_id)
);
create index remote_object on remote (org, object) where object is not null;
create index remote_thread on remote (org, thread, object);
call protect('remote');

create view account_card with (security_invoker = true) as
  select org, id, channel, name, address, own, state, state_says, state_since, quiet_until, heard_at from channel_account where removed_at is null;
grant select on account_card to trefoil_app;
