-- An account of one colleague: its threads are closed to all others.
alter table channel_account add column personal uuid;

-- Whoever opens a thread by such an account closes it, by whatever way it comes.
create function close_personal() returns trigger language plpgsql as $$
begin
  insert into closed (org, object, room)
  select f.org, f.id, f.account from fresh f join channel_account a on a.org = f.org and a.id = f.account
  where a.personal is not null order by f.id on conflict do nothing;
  return null;
end $$;
create trigger thread_begun after insert on thread referencing new table as fresh for each statement execute function close_personal();
