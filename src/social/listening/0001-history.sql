-- How far what was there before an account was connected has been brought in; it goes on from there after an interruption.
create table account_history (
  org uuid not null default current_org(),
  account uuid not null,
  task uuid not null,
  from_at timestamptz not null,
  cursor text,
  done bigint not null default 0,
  began_at timestamptz not null,
  ended_at timestamptz,
  primary key (org, account)
);
call protect('account_history');
