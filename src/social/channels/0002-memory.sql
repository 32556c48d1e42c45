-- What a channel keeps for an account between calls, sealed as its settings are.
create table account_memory (
  org uuid not null default current_org(),
  account uuid not null,
  -- In the order of bytes, so that pages of a prefix are one range.
  name text collate "C" not null check (length(name) between 1 and 500),
  value text not null,
  until timestamptz,
  primary key (org, account, name)
);
create index account_memory_until on account_memory (org, until) where until is not null;
call protect('account_memory');

-- What of the account's work failed last, for whoever looks after it.
alter table channel_account add column failed_at timestamptz;
alter table channel_account add column failed_says text;

-- The open network calls an account by its address or its id, and no organisation is known before it is found.
create policy at_the_door on channel_account for select using (kernel_scope());
create index channel_account_own on channel_account using gin (own) where removed_at is null;
