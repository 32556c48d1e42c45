-- A name under which the organisation speaks, with what its accounts show and sign with.
create table brand (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  website text not null default '' check (length(website) <= 500),
  logo uuid,
  -- `#rrggbb`, or empty.
  colour text not null default '' check (colour ~ '^(#[0-9a-f]{6})?$'),
  language text not null default '' check (length(language) <= 35),
  signature text not null default '' check (length(signature) <= 5000),
  created_at timestamptz not null,
  -- It can come back; what belonged to it belongs to the organisation meanwhile.
  removed_at timestamptz,
  primary key (org, id)
);
call protect('brand');

-- To which brand an account belongs; the others belong to the whole organisation.
create table brand_account (
  org uuid not null default current_org(),
  account uuid not null,
  brand uuid not null,
  since timestamptz not null,
  primary key (org, account)
);
call protect('brand_account');
