-- What happened stays as it was written; only to which thread it belongs can change, when threads turn out to be one, or one to be two. Whoever does so
-- records that as well. The server's role may not change the log, so the owner does it for it, and nothing else.
create function activity_moved(source uuid, destination uuid, objects uuid[]) returns void language sql security definer set search_path = public as $$
  update activity set thread = destination where org = current_org() and thread = source and object = any(objects)
$$;
revoke execute on function activity_moved from public;
grant execute on function activity_moved to trefoil_app;
