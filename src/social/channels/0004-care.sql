-- Who looks after an account, who does when they are away, and what it is for.
alter table channel_account add column owner uuid;
alter table channel_account add column deputy uuid;
alter table channel_account add column purpose text not null default '' check (length(purpose) <= 500);
update channel_account set owner = connected_by;
