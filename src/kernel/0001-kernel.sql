-- The ground that every module's tables stand on: the organisation of the transaction, and the wall around it.

create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- The organisation of this transaction, set with SET LOCAL by the kernel; null outside of one, and then no row is visible.
create function current_org() returns uuid language sql stable parallel safe
  return nullif(current_setting('trefoil.org', true), '')::uuid;

-- Raised by the kernel alone, for the few look-ups that come before an organisation is known (sign-in, keys, the list for timers).
create function kernel_scope() returns boolean language sql stable parallel safe
  return coalesce(current_setting('trefoil.scope', true), '') = 'kernel';

-- Every table with an organisation goes through here: row-level security, forced for the owner too, and the rights of the server's role.
create procedure protect(guarded regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', guarded);
  execute format('alter table %s force row level security', guarded);
  execute format('create policy one_organisation on %s using (org = nullif(current_setting(''trefoil.org'', true), '''')::uuid)', guarded);
  execute format('grant select, insert, update, delete on %s to trefoil_app', guarded);
end $$;

-- As protect, but nothing that was written can be changed or removed.
create procedure protect_log(guarded regclass) language plpgsql as $$
begin
  call protect(guarded);
  execute format('revoke update, delete on %s from trefoil_app', guarded);
end $$;

-- As protect, and the kernel may look across organisations before one is known.
create procedure protect_for_kernel(guarded regclass) language plpgsql as $$
begin
  call protect(guarded);
  execute format('create policy before_sign_in on %s using (kernel_scope())', guarded);
end $$;

create table organisation (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  language text not null default 'en',
  zone text not null default 'UTC',
  -- What the organisation chose: business hours, sign-off, texts; each by the schema of the module that reads it.
  settings jsonb not null default '{}',
  demo boolean not null default false,
  created_at timestamptz not null default now()
);
alter table organisation enable row level security;
alter table organisation force row level security;
create policy own_organisation on organisation using (id = current_org() or kernel_scope());
grant select, insert, update, delete on organisation to trefoil_app;

-- A sign-in: one per human and installation, whatever the organisations. No organisation here, so no row-level security.
create table account (
  id uuid primary key,
  email text not null unique check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  password text,
  language text,
  theme text,
  totp_secret text,
  totp_since timestamptz,
  totp_last_step bigint not null default 0,
  shortcuts boolean not null default true,
  created_at timestamptz not null default now(),
  suspended_at timestamptz
);
grant select, insert, update, delete on account to trefoil_app;

create table recovery_code (
  account uuid not null references account on delete cascade,
  hash text not null,
  used_at timestamptz,
  primary key (account, hash)
);
grant select, insert, update, delete on recovery_code to trefoil_app;

create table membership (
  org uuid not null default current_org() references organisation on delete cascade,
  account uuid not null references account on delete cascade,
  person uuid not null,
  role text not null,
  created_at timestamptz not null default now(),
  suspended_at timestamptz,
  primary key (org, account)
);
create index membership_account on membership (account);
create unique index membership_person on membership (org, person);
call protect_for_kernel('membership');

-- A session belongs to an account; which organisation is open in it may change. Only a hash of its token is kept.
create table session (
  id uuid primary key,
  token_hash text not null unique,
  account uuid not null references account on delete cascade,
  opened_org uuid references organisation on delete set null,
  -- Null until the second factor was given; until then the session opens nothing.
  complete_at timestamptz,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  agent text not null default '',
  address text not null default ''
);
create index session_account on session (account);
grant select, insert, update, delete on session to trefoil_app;

-- One-time links: first set-up, invitation, password reset, sign-in of the demo. Only a hash is kept.
create table one_time_token (
  hash text primary key,
  purpose text not null,
  account uuid references account on delete cascade,
  org uuid references organisation on delete cascade,
  detail jsonb not null default '{}',
  tries integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
grant select, insert, update, delete on one_time_token to trefoil_app;

create table api_key (
  org uuid not null default current_org() references organisation on delete cascade,
  id uuid not null,
  account uuid not null references account on delete cascade,
  name text not null check (length(name) between 1 and 100),
  hash text not null unique,
  hint text not null,
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (org, id)
);
call protect_for_kernel('api_key');

-- The first answer to a request with an Idempotency-Key, for 24 hours; written in the transaction of its effect.
create table idempotency (
  org uuid not null default current_org(),
  actor uuid not null,
  key text not null,
  request_hash text not null,
  status integer not null,
  answer text not null,
  at timestamptz not null default now(),
  primary key (org, actor, key)
);
create index idempotency_at on idempotency (at);
call protect('idempotency');

-- Who did what by which door; commands only. The activity log says what it meant.
create table audit (
  org uuid not null default current_org(),
  id uuid not null,
  at timestamptz not null,
  account uuid,
  person uuid,
  via text not null,
  action text not null,
  about jsonb not null default '{}',
  primary key (org, id)
);
call protect_log('audit');

-- A key per organisation, itself sealed by the master key, which is never in the database.
create table data_key (
  org uuid not null default current_org(),
  id uuid not null,
  sealed text not null,
  created_at timestamptz not null default now(),
  primary key (org, id)
);
call protect('data_key');

create table file (
  org uuid not null default current_org(),
  id uuid not null,
  name text not null check (length(name) <= 500),
  type text not null,
  size bigint not null,
  hash text not null,
  width integer,
  height integer,
  -- Who may see it follows from the object it hangs on.
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (org, id)
);
create index file_hash on file (org, hash);
call protect('file');

-- Long work that a person watches: imports, back-fills.
create table task_progress (
  org uuid not null default current_org(),
  id uuid not null,
  kind text not null,
  title text not null,
  started_by uuid,
  started_at timestamptz not null default now(),
  done bigint not null default 0,
  total bigint,
  note text,
  cancel_at timestamptz,
  ended_at timestamptz,
  failure text,
  primary key (org, id)
);
call protect('task_progress');

-- Settings of the installation itself, such as the key that signs links.
create table installation (
  name text primary key,
  value text not null
);
grant select, insert, update on installation to trefoil_app;

-- Removes the demonstration with everything in it, also what is otherwise never removed. No other organisation can be removed so.
create function remove_demonstration(demonstration uuid) returns void language plpgsql security definer set search_path = public as $$
declare
  each text;
begin
  perform set_config('trefoil.org', demonstration::text, true);
  perform set_config('trefoil.scope', 'kernel', true);
  if not exists (select from organisation where id = demonstration and demo) then return; end if;
  for each in
    select c.table_name from information_schema.columns c join pg_class t on t.relname = c.table_name and t.relkind in ('r', 'p') and not t.relispartition
    where c.table_schema = 'public' and c.column_name = 'org' and c.table_name not in ('one_time_token', 'membership')
    order by 1
  loop
    execute format('delete from %I where org = $1', each) using demonstration;
  end loop;
  delete from account a where exists (select from membership m where m.org = demonstration and m.account = a.id)
    and not exists (select from membership m where m.org <> demonstration and m.account = a.id);
  delete from organisation where id = demonstration;
end $$;
revoke execute on function remove_demonstration from public;
grant execute on function remove_demonstration to trefoil_app;
