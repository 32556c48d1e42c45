-- The days whose parts (by team, type, topic, hour) and whose cases and ratings have to be counted again.
create table measure_dirty_part (
  org uuid not null default current_org(),
  day date not null,
  primary key (org, day)
);
call protect('measure_dirty_part');
-- A report reads all parts of one kind.
create index measure_day_scope on measure_day (org, scope text_pattern_ops, day);
