-- What we use data of people for.
create table purpose (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  about text not null default '' check (length(about) <= 1000),
  made_at timestamptz not null,
  retired_at timestamptz,
  primary key (org, id)
);
call protect('purpose');

-- The texts to which people consent, each version as it was shown.
create table consent_text (
  org uuid not null default current_org(),
  id uuid not null,
  purpose uuid not null,
  language text not null check (length(language) <= 10),
  version integer not null,
  text text not null check (length(text) between 1 and 20000),
  by uuid,
  at timestamptz not null,
  primary key (org, id)
);
create unique index consent_text_version on consent_text (org, purpose, language, version);
call protect('consent_text');

-- Each word about a purpose: given, withdrawn, or allowed on another basis. Nothing is overwritten; what was a mistake is struck out.
create table consent (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  purpose uuid not null,
  allows boolean not null,
  basis text not null check (basis in ('consent', 'contract', 'legalObligation', 'vitalInterests', 'publicTask', 'legitimateInterests')),
  consent_text uuid,
  source text not null check (length(source) <= 40),
  proof text not null default '' check (length(proof) <= 2000),
  at timestamptz not null,
  by uuid,
  noted_at timestamptz not null,
  struck_at timestamptz,
  struck_by uuid,
  primary key (org, id)
);
create index consent_person on consent (org, person, purpose, at desc);
call protect('consent');

-- The last word of each record, so that whoever sends to many need not read them all.
create table consent_state (
  org uuid not null default current_org(),
  person uuid not null,
  purpose uuid not null,
  allows boolean not null,
  since timestamptz not null,
  primary key (org, person, purpose)
);
create index consent_state_purpose on consent_state (org, purpose, allows, person);
call protect('consent_state');

-- What other floors read.
create view consent_now with (security_invoker = true) as
  select org, person, purpose, allows, since from consent_state;
grant select on consent_now to trefoil_app;
