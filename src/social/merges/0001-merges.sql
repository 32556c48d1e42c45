-- That two records are one person, who said so and why. The merges that were not undone form trees; `person.merged_into` is the root of each.
create table merge (
  org uuid not null default current_org(),
  id uuid not null,
  kept uuid not null,
  gone uuid not null,
  reason text not null check (length(reason) between 1 and 1000),
  -- What spoke for it when it was decided: the hints that were seen.
  evidence jsonb not null default '{}',
  by uuid,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by uuid,
  primary key (org, id)
);
create index merge_kept on merge (org, kept);
create index merge_gone on merge (org, gone);
create unique index merge_now on merge (org, gone) where undone_at is null;
call protect('merge');
