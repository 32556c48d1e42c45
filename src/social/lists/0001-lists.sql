-- People put together by hand, under a name.
create table people_list (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  made_by uuid,
  made_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
call protect('people_list');

create table people_list_entry (
  org uuid not null default current_org(),
  list uuid not null,
  person uuid not null,
  by uuid,
  at timestamptz not null,
  primary key (org, list, person)
);
create index people_list_entry_person on people_list_entry (org, person, list);
call protect('people_list_entry');

-- What other floors read.
create view on_list with (security_invoker = true) as
  select org, list, person, at from people_list_entry;
grant select on on_list to trefoil_app;
