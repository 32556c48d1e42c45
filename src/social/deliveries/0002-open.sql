-- Anybody may read it on its network; what an account said openly is asked for from outside, newest first.
alter table delivery add column open boolean not null default false;
create index delivery_open_said on delivery (org, account, id) where open and state = 'sent';
