-- A person signs in at the network itself: what is kept for the way back (sealed), by what it is known there, in whose session, until when; used once.
alter table channel_attempt drop constraint channel_attempt_state_check;
alter table channel_attempt add constraint channel_attempt_state_check check (state in ('running', 'signIn', 'done', 'failed'));
alter table channel_attempt add column sign_in text;
alter table channel_attempt add column way text;
alter table channel_attempt add column session uuid;
alter table channel_attempt add column until timestamptz;
-- How many days of what was there before are to be brought in once it is connected.
alter table channel_attempt add column history integer;
create unique index channel_attempt_way on channel_attempt (org, way) where way is not null;
