-- Takes the sign-in of somebody who is erased here, with sessions and codes; an account of another organisation as well only loses this one.
create function account_left(leaving uuid) returns void language plpgsql security definer set search_path = public as $$
declare
  scope text := coalesce(current_setting('trefoil.scope', true), '');
begin
  -- Set here and not by the function's head, which only an administrator of the database may do.
  perform set_config('trefoil.scope', 'kernel', true);
  delete from membership where org = current_org() and account = leaving;
  delete from api_key where org = current_org() and account = leaving;
  delete from account a where a.id = leaving and not exists (select from membership m where m.account = a.id);
  perform set_config('trefoil.scope', scope, true);
end $$;
revoke execute on function account_left from public;
grant execute on function account_left to trefoil_app;
