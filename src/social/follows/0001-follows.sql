-- Whom an account of ours follows on its network, by the address that was chosen; `undone`: it is to end.
create table account_follow (
  org uuid not null default current_org(),
  id uuid not null,
  account uuid not null,
  network text not null check (length(network) <= 60),
  address text not null check (length(address) between 1 and 500),
  normal text collate "C" not null check (length(normal) between 1 and 500),
  -- What never changes on the network, and who it is; null until they were found.
  remote_id text check (length(remote_id) <= 500),
  person uuid,
  state text not null check (state in ('waiting', 'asked', 'accepted', 'refused', 'failed')),
  undone boolean not null default false,
  -- Counts the wishes: what was carried out counts only for the wish that it followed.
  wish integer not null default 1,
  attempts integer not null default 0,
  due_at timestamptz,
  says text,
  by uuid,
  at timestamptz not null,
  primary key (org, id)
);
create unique index account_follow_once on account_follow (org, account, normal);
create index account_follow_account on account_follow (org, account, id);
create index account_follow_person on account_follow (org, person) where person is not null;
create index account_follow_remote on account_follow (org, network, remote_id) where remote_id is not null;
create index account_follow_due on account_follow (org, due_at) where due_at is not null;
call protect('account_follow');
