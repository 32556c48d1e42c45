-- What a model came to in a month: the results of all its nodes, so that a change can be told and a level is not lost at once.
create table maturity_result (
  org uuid not null default current_org(),
  model text not null check (length(model) <= 100),
  scope text not null default 'org',
  -- A calendar month, `2026-11`.
  period text not null check (period ~ '^\d{4}-\d\d$'),
  version text not null,
  overall text,
  results jsonb not null,
  computed_at timestamptz not null,
  primary key (org, model, scope, period)
);
call protect('maturity_result');

-- What a person says is laid down; it expires, and never shows that something is done.
create table attestation (
  org uuid not null default current_org(),
  id uuid not null,
  model text not null check (length(model) <= 100),
  indicator text not null check (length(indicator) <= 100),
  author uuid not null,
  text text not null check (length(text) between 1 and 5000),
  file uuid,
  at timestamptz not null,
  expires_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  primary key (org, id)
);
create index attestation_model on attestation (org, model, expires_at) where withdrawn_at is null;
call protect('attestation');

-- An organisation's own models, each with all its earlier forms; null means that it was removed with this revision.
create table model_revision (
  org uuid not null default current_org(),
  model text not null check (length(model) <= 100),
  revision integer not null,
  base text,
  framework jsonb,
  by uuid,
  at timestamptz not null,
  primary key (org, model, revision)
);
call protect_log('model_revision');
