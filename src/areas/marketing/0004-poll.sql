-- What a post asks: its choices, how many hours one may choose, and whether more than one.
alter table post add column poll jsonb;
