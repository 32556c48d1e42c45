-- Fields of people that the organisation defined itself.
create table field (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('text', 'number', 'date', 'choice', 'yesno', 'link')),
  choices jsonb not null default '[]',
  about text not null default '' check (length(about) <= 500),
  made_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
call protect('field');

-- The value as text, as it is shown and written down; numbers and days besides as what they are, to be compared. Empty: nothing, whatever a merged record says.
create table field_value (
  org uuid not null default current_org(),
  person uuid not null,
  field uuid not null,
  value text not null check (length(value) <= 2000),
  number numeric,
  day date,
  by uuid,
  at timestamptz not null,
  primary key (org, person, field)
);
create index field_value_text on field_value (org, field, left(value, 200), person);
create index field_value_number on field_value (org, field, number, person) where number is not null;
create index field_value_day on field_value (org, field, day, person) where day is not null;
call protect('field_value');

-- What other floors read.
create view field_of with (security_invoker = true) as
  select org, person, field, value, number, day from field_value where value <> '';
grant select on field_of to trefoil_app;
