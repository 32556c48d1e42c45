-- Who works at which company, as what, and when. Days may be unknown.
create table employment (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  company uuid not null,
  role text not null default '' check (length(role) <= 200),
  since date,
  until date,
  -- It made the company the person's main one.
  leads boolean not null default false,
  by uuid,
  at timestamptz not null,
  primary key (org, id),
  check (until >= since)
);
create index employment_person on employment (org, person);
create index employment_company on employment (org, company, id);
call protect('employment');

-- What other floors read: who works where, by what is told of it and by the record itself.
create view works_at with (security_invoker = true) as
  select org, person, company, role, since, until from employment
  union all
  select d.org, d.id, d.company, '', null, null from person_detail d where d.company is not null
    and not exists (select from employment e where e.org = d.org and e.person = d.id and e.company = d.company);
grant select on works_at to trefoil_app;
