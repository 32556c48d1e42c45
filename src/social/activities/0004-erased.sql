-- What happened stays, without words, when the people in it are erased. The server's role may not change the log, so the owner does it for it: what is
-- given takes the place of a detail, and must be no longer than it.
create function activity_emptied(emptied jsonb) returns void language sql security definer set search_path = public as $$
  update activity a set detail = e.detail, dedupe_key = null
  from jsonb_to_recordset(emptied) as e(id uuid, detail jsonb)
  where a.org = current_org() and a.id = e.id and length(e.detail::text) <= length(a.detail::text)
$$;
revoke execute on function activity_emptied from public;
grant execute on function activity_emptied to trefoil_app;
