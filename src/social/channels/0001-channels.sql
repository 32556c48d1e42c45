-- A connected account: settings sealed, its place in the stream, and how it is.
create table channel_account (
  org uuid not null default current_org(),
  id uuid not null,
  channel text not null,
  name text not null check (length(name) between 1 and 200),
  address text not null,
  settings text not null,
  cursor text,
  state text not null default 'active' check (state in ('active', 'reconnect', 'down', 'paused')),
  state_says text,
  state_since timestamptz not null,
  heard_at timestamptz,
  connected_by uuid,
  connected_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
create unique index channel_account_address on channel_account (org, channel, address) where removed_at is null;
call protect('channel_account');

-- What a thing of ours is called on a network.
create table remote (
  org uuid not null default current_org(),
  channel text not null,
  remote_id text not null check (length(remote_id) <= 500),
  object uuid not null,
  thread uuid not null,
  account uuid,
  primary key (org, channel, remote_id)
);
create index remote_object on remote (org, object);
call protect('remote');

-- The outbox: committed with the decision, sent once, and its fate for everyone to see.
create table delivery (
  org uuid not null default current_org(),
  id uuid not null,
  account uuid not null,
  content uuid not null,
  thread uuid not null,
  -- The addresses and everything else that the draft needs and the content does not hold.
  envelope jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'pending', 'sent', 'failed', 'unsure', 'cancelled')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  ticket text,
  remote_id text,
  says text,
  -- What the other side reported later: delivered, bounced.
  outcome text,
  by uuid,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (org, id)
);
create index delivery_content on delivery (org, content);
create index delivery_open on delivery (org, due_at) where state in ('waiting', 'sending', 'pending', 'unsure');
create index delivery_thread on delivery (org, thread);
call protect('delivery');

create view delivery_card with (security_invoker = true) as
  select org, id, account, content, thread, state, attempts, due_at, says, outcome, sent_at from delivery;
create view account_card with (security_invoker = true) as
  select org, id, channel, name, address, state, state_says, state_since, heard_at from channel_account where removed_at is null;
grant select on delivery_card, account_card to trefoil_app;
