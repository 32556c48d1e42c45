-- The room that closes a conversation to all but those who are admitted; null for what every colleague may read.
alter table conversation add column room uuid;
call protect_closed('conversation', 'thread');
call protect_closed('conversation_label', 'thread');

-- Lists of what all may read never walk past what is closed; what is closed, and one brand, is read by account.
drop index conversation_all;
drop index conversation_state;
drop index conversation_mine;
create index conversation_all on conversation (org, last_at desc, thread desc) where room is null;
create index conversation_state on conversation (org, state, last_at desc, thread desc) where room is null;
create index conversation_mine on conversation (org, assignee, state, last_at desc, thread desc) where room is null;
create index conversation_account on conversation (org, account, state, last_at desc, thread desc);

create function conversation_closed() returns trigger language plpgsql as $$
begin
  new.room := (select c.room from closed c where c.org = new.org and c.object = new.thread);
  return new;
end $$;
create trigger conversation_room before insert on conversation for each row execute function conversation_closed();

-- What is closed or opened later, with its whole account, moves with it.
create function conversation_moved() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update conversation c set room = f.room from fresh f where c.org = f.org and c.thread = f.object;
  else
    update conversation c set room = null from gone g where c.org = g.org and c.thread = g.object;
  end if;
  return null;
end $$;
create trigger conversation_shut after insert on closed referencing new table as fresh for each statement execute function conversation_moved();
create trigger conversation_opened after delete on closed referencing old table as gone for each statement execute function conversation_moved();

-- How many there are, by room as well (all zeros: what all may read).
alter table conversation_count add column room uuid not null default '00000000-0000-0000-0000-000000000000';
alter table conversation_count drop constraint conversation_count_pkey;
alter table conversation_count add primary key (org, room, state, assignee);

create or replace function conversation_counted() returns trigger language plpgsql as $$
declare nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if tg_op = 'INSERT' then
    insert into conversation_count as c (org, room, state, assignee, n)
    select org, coalesce(room, nobody), state, coalesce(assignee, nobody), count(*) from fresh where true group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (org, room, state, assignee) do update set n = c.n + excluded.n;
  elsif tg_op = 'DELETE' then
    insert into conversation_count as c (org, room, state, assignee, n)
    select org, coalesce(room, nobody), state, coalesce(assignee, nobody), -count(*) from gone where true group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (org, room, state, assignee) do update set n = c.n + excluded.n;
  else
    insert into conversation_count as c (org, room, state, assignee, n)
    select org, room, state, assignee, sum(n) from (
      select org, coalesce(room, nobody) as room, state, coalesce(assignee, nobody) as assignee, 1 as n from fresh
      union all
      select org, coalesce(room, nobody), state, coalesce(assignee, nobody), -1 from gone
    ) moved where true group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4
    on conflict (org, room, state, assignee) do update set n = c.n + excluded.n;
  end if;
  return null;
end $$;
