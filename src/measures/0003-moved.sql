-- Threads can become one: until both are read again, the first activity of the one may stand for the other as well.
drop index measured_conversation_first;
create index measured_conversation_first on measured_conversation (org, id);
