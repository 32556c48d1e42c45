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

-- All threads of an account are closed, or open to every colleague again. What their things are called is known within the account alone, so that what is
-- said to one colleague never leads into the thread of another account.
create procedure close_account(room uuid) language plpgsql as $$
begin
  insert into closed (object, room) select t.id, t.account from thread t where t.account = close_account.room order by t.id on conflict do nothing;
  update remote r set channel = r.channel || ' ' || close_account.room
  from closed c where c.room = close_account.room and r.thread = c.object and r.account = close_account.room and r.channel not like '% %';
end $$;
create procedure open_account(room uuid) language plpgsql as $$
begin
  update remote r set channel = split_part(r.channel, ' ', 1)
  where r.account = open_account.room and r.channel like '% %'
    and not exists (select from remote o where o.channel = split_part(r.channel, ' ', 1) and o.remote_id = r.remote_id);
  delete from admitted a using closed c where c.room = open_account.room and a.place = c.object;
  delete from admitted a where a.place = open_account.room;
  delete from closed c where c.room = open_account.room;
end $$;
