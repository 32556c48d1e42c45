-- Who asked what about their data, until when it has to be done, and how far it is.
create table rights_request (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null check (kind in ('copy', 'erasure')),
  person uuid not null,
  how text not null check (how in ('form', 'mail', 'chat', 'phone', 'talk', 'paper')),
  note text not null default '' check (length(note) <= 2000),
  asked_at timestamptz not null,
  -- One month later (GDPR, article 12, paragraph 3).
  due_on date not null,
  state text not null default 'open' check (state in ('open', 'counting', 'copying', 'ready', 'waiting', 'erasing', 'done', 'refused')),
  -- When an erasure takes effect; until then it can be called off.
  effective_at timestamptz,
  -- What would go, stay without words or stay, by table; and how many parts there are.
  counts jsonb,
  -- How these people are called elsewhere, while they are being erased.
  needles text[],
  task uuid,
  -- The copy, until it is fetched or forgotten.
  file uuid,
  -- Why it was refused, in somebody's words; or the key of what went wrong.
  says text check (length(says) <= 2000),
  noted_by uuid,
  noted_at timestamptz not null,
  ended_at timestamptz,
  primary key (org, id)
);
create index rights_request_open on rights_request (org, due_on, id) where ended_at is null;
create index rights_request_person on rights_request (org, person, id);
create index rights_request_effective on rights_request (org, effective_at) where state in ('waiting', 'erasing');
call protect('rights_request');

-- What belongs to somebody, while it is counted, copied or erased: ids by the table that they name rows of.
create table rights_thing (
  org uuid not null default current_org(),
  run uuid not null,
  kind text not null,
  id uuid not null,
  primary key (org, run, kind, id)
);
call protect('rights_thing');

-- Whose data must not be erased for now, such as during a lawsuit.
create table rights_hold (
  org uuid not null default current_org(),
  id uuid not null,
  person uuid not null,
  reason text not null check (length(reason) between 1 and 1000),
  by uuid,
  at timestamptz not null,
  ended_at timestamptz,
  primary key (org, id)
);
create index rights_hold_person on rights_hold (org, person) where ended_at is null;
call protect('rights_hold');

-- After how many months what is kept of a kind ends by itself.
create table retention_rule (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null check (length(kind) <= 63),
  months integer not null check (months between 1 and 600),
  by uuid,
  at timestamptz not null,
  removed_at timestamptz,
  primary key (org, id)
);
create unique index retention_rule_kind on retention_rule (org, kind) where removed_at is null;
call protect('retention_rule');

-- What the rules did.
create table retention_run (
  org uuid not null default current_org(),
  id uuid not null,
  rule uuid not null,
  kind text not null,
  before timestamptz not null,
  count integer not null,
  at timestamptz not null,
  primary key (org, id)
);
call protect('retention_run');
