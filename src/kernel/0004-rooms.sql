-- The same wall for rows that say themselves which room closes them (null: none): a glance at the row where it is open, as nearly all are.
create procedure protect_room(guarded regclass) language plpgsql as $$
begin
  execute format($policy$
    create policy closed_to_others on %1$s as restrictive using (
      %1$s.room is null or current_setting('trefoil.reader', true) = '00000000-0000-0000-0000-000000000000' or
      array[%1$s.room, %1$s.id] && array(
        select a.place from admitted a
        where a.person = nullif(current_setting('trefoil.reader', true), '')::uuid and (a.until is null or a.until > now())))
  $policy$, guarded);
end $$;
