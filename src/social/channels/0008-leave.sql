-- A removed account tells its network so until then; after that its settings and all that its channel kept are forgotten.
alter table channel_account add column leaves_until timestamptz;
create index channel_account_leaving on channel_account (org, leaves_until) where leaves_until is not null;
-- Whoever calls at the address of a removed account learns that it is gone.
create index channel_account_left on channel_account using gin (own) where removed_at is not null;
