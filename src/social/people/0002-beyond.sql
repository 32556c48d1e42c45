-- Beyond the card also the language and the time zone, and which records stand behind which.
create or replace view person_detail with (security_invoker = true) as
  select org, id, key, kind, about, company, created_at, created_because, language, zone from person where merged_into is null;
create view stands_behind with (security_invoker = true) as
  select org, id, merged_into as stands from person where merged_into is not null;
grant select on stands_behind to trefoil_app;
