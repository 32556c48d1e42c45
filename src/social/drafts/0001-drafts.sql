-- What is being written: kept for its writer alone, on every device, until it is sent or thrown away.
create table draft (
  org uuid not null default current_org(),
  person uuid not null,
  key text not null check (length(key) <= 200),
  body jsonb not null,
  at timestamptz not null,
  primary key (org, person, key)
);
call protect('draft');
