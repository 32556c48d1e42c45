-- The second of the two keys that run it beside a conversation; the first is the same for all.
alter table macro add column key text check (length(key) = 1);
