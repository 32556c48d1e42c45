-- Saved conditions over people; who fits is asked when one looks.
create table segment (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  match text not null default 'all' check (match in ('all', 'any')),
  conditions jsonb not null default '[]',
  made_by uuid,
  made_at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
call protect('segment');
