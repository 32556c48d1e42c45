-- Conversations are told apart by type as well, and the mean wait by opening hours: every day that was counted is counted once more.
insert into measure_dirty_part (org, day) select distinct org, day from measure_day on conflict do nothing;
