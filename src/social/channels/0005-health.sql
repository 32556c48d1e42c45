-- How an account fares: when its network last did what was asked, what it allows still, since when and until when a sign-in counts, what its server takes.
alter table channel_account add column succeeded_at timestamptz;
alter table channel_account add column quota_left integer;
alter table channel_account add column quota_of integer;
alter table channel_account add column quota_until timestamptz;
alter table channel_account add column granted_at timestamptz;
alter table channel_account add column granted_until timestamptz;
alter table channel_account add column limits jsonb;
alter table channel_account add column limits_at timestamptz;
update channel_account set granted_at = connected_at;
