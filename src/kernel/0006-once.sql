-- The walls ask once for each statement whose organisation it is and who reads, not once for each row: over a million rows that was most of the work.
create or replace procedure protect(guarded regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', guarded);
  execute format('alter table %s force row level security', guarded);
  execute format('create policy one_organisation on %s using (org = (select nullif(current_setting(''trefoil.org'', true), '''')::uuid))', guarded);
  execute format('grant select, insert, update, delete on %s to trefoil_app', guarded);
end $$;

create or replace procedure protect_closed(guarded regclass, object name) language plpgsql as $$
begin
  execute format($policy$
    create policy closed_to_others on %1$s as restrictive using (
      (select current_setting('trefoil.reader', true) = '00000000-0000-0000-0000-000000000000') or coalesce((
        select array[c.room, c.object] && array(
          select a.place from admitted a
          where a.person = nullif(current_setting('trefoil.reader', true), '')::uuid and (a.until is null or a.until > now()))
        from closed c where c.object = %1$s.%2$I), true))
  $policy$, guarded, object);
end $$;

create or replace procedure protect_room(guarded regclass) language plpgsql as $$
begin
  execute format($policy$
    create policy closed_to_others on %1$s as restrictive using (
      %1$s.room is null or (select current_setting('trefoil.reader', true) = '00000000-0000-0000-0000-000000000000') or
      array[%1$s.room, %1$s.id] && array(
        select a.place from admitted a
        where a.person = nullif(current_setting('trefoil.reader', true), '')::uuid and (a.until is null or a.until > now())))
  $policy$, guarded);
end $$;

do $$
declare
  wall record;
  whose constant text := $q$(NULLIF(current_setting('trefoil.org'::text, true), ''::text))::uuid$q$;
  house constant text := $q$current_setting('trefoil.reader'::text, true) = '00000000-0000-0000-0000-000000000000'::text$q$;
begin
  for wall in select * from pg_policies where policyname = 'one_organisation' and strpos(qual, whose) > 0 loop
    execute format('alter policy one_organisation on %I.%I using (%s)', wall.schemaname, wall.tablename, replace(wall.qual, whose, '(select ' || whose || ')'));
  end loop;
  for wall in select * from pg_policies where policyname = 'closed_to_others' and strpos(qual, house) > 0 loop
    execute format('alter policy closed_to_others on %I.%I using (%s)', wall.schemaname, wall.tablename, replace(wall.qual, house, '(select ' || house || ')'));
  end loop;
end $$;
