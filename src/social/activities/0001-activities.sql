-- One row for each thing that happened. Append-only; partitioned by month of its uuidv7 id, so that the key alone finds the month.
create table activity (
  org uuid not null default current_org(),
  id uuid not null,
  at timestamptz not null,
  verb text not null,
  noun text not null,
  actor uuid,
  object uuid,
  target uuid,
  thread uuid,
  channel text,
  audience text not null default 'staff',
  area text not null,
  campaign uuid,
  side text not null default 'inside',
  detail jsonb not null default '{}',
  caused_by uuid,
  dedupe_key text,
  primary key (org, id)
) partition by range (id);
create table activity_rest partition of activity default;
create index activity_word on activity (org, verb, noun, id);
create index activity_thread on activity (org, thread, id) where thread is not null;
create index activity_actor on activity (org, actor, id) where actor is not null;
create index activity_object on activity (org, object, id) where object is not null;
call protect_log('activity');

-- The first id of a moment, as the application makes them.
create function first_id_at(moment timestamptz) returns uuid language sql immutable parallel safe
  return (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008' || repeat('0', 15))::uuid;

-- Makes the partition of a month, if it is not there; the server's role may not create tables, so the owner does it for it.
create function activity_partition(month date) returns boolean language plpgsql security definer set search_path = public as $$
declare
  first date := date_trunc('month', month);
  name text := 'activity_' || to_char(first, 'YYYY_MM');
  low uuid := first_id_at(first::timestamp at time zone 'UTC');
  high uuid := first_id_at((first + interval '1 month') at time zone 'UTC');
begin
  if first not between date '1990-01-01' and (now() + interval '14 months')::date then return false; end if;
  if to_regclass(name) is not null then return false; end if;
  perform pg_advisory_xact_lock(hashtext('activity_partition'));
  if to_regclass(name) is not null then return false; end if;
  -- What already lies in the rest of that month stays there; then the month stays in the rest as well.
  if exists (select from only activity_rest where id >= low and id < high) then return false; end if;
  execute format('create table %I partition of activity for values from (%L) to (%L)', name, low, high);
  return true;
end $$;
revoke execute on function activity_partition from public;
grant execute on function activity_partition to trefoil_app;

-- What was heard or asked before, so that the same thing twice is one thing: its key and what came of it.
create table once (
  org uuid not null default current_org(),
  key text not null check (length(key) <= 600),
  object uuid,
  at timestamptz not null default now(),
  primary key (org, key)
);
call protect('once');

-- What other floors read.
create view activity_log with (security_invoker = true) as
  select org, id, at, verb, noun, actor, object, target, thread, channel, audience, area, campaign, side, detail, caused_by from activity;
grant select on activity_log to trefoil_app;
