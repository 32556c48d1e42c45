-- Of what a hook may be told it is told what meets these conditions, a line each; empty: all of it.
alter table hook add column filter text not null default '' check (length(filter) <= 2000);
-- Told nothing by itself, only what a rule calls it for.
alter table hook add column called boolean not null default false;
