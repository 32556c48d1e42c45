-- What not every colleague may read: an object that a room closes. Whoever is admitted to the room, or to the object alone, reads it.
create table closed (
  org uuid not null default current_org(),
  object uuid not null,
  room uuid not null,
  primary key (org, object)
);
create index closed_room on closed (org, room);
call protect('closed');

-- `place` is a room or one object. `own` lets others in, `answer` speaks there, `read` only reads.
create table admitted (
  org uuid not null default current_org(),
  place uuid not null,
  person uuid not null,
  may text not null check (may in ('own', 'answer', 'read')),
  since timestamptz not null,
  until timestamptz,
  by uuid,
  primary key (org, place, person)
);
create index admitted_person on admitted (org, person);
call protect('admitted');

-- A second wall inside the organisation: rows of a closed object are there only for whoever is admitted, and for the house itself, which reads as nobody
-- (all zeros). `trefoil.reader` is set with the organisation, at the beginning of each transaction. Each row asks for its own object by key: asked as
-- `exists`, the planner would read the whole list of what is closed, for every question.
create procedure protect_closed(guarded regclass, object name) language plpgsql as $$
begin
  execute format($policy$
    create policy closed_to_others on %1$s as restrictive using (
      current_setting('trefoil.reader', true) = '00000000-0000-0000-0000-000000000000' or coalesce((
        select array[c.room, c.object] && array(
          select a.place from admitted a
          where a.person = nullif(current_setting('trefoil.reader', true), '')::uuid and (a.until is null or a.until > now()))
        from closed c where c.object = %1$s.%2$I), true))
  $policy$, guarded, object);
end $$;
