-- Whoever asks with whom somebody talked since a day is answered from the index alone.
create index thread_talked on thread (org, last_at desc, id desc) include (person, merged_into);
drop index thread_last;
alter index thread_talked rename to thread_last;
