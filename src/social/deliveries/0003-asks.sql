-- What was due long ago asks before it goes.
alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check check (state in ('waiting', 'asks', 'sending', 'pending', 'sent', 'failed', 'unsure', 'cancelled'));
create index delivery_state on delivery (org, state, id) where state <> 'sent';
create index delivery_sent on delivery (org, id) where state = 'sent';
