-- Whoever tries it wants it as their own.
alter table channel_attempt add column personal boolean not null default false;
