-- Who waits for an answer, and whose answer we wait for, by the moment since when: for what is due after so long.
create index conversation_asked on conversation (org, asked_at) where asked_at is not null;
create index conversation_rests on conversation (org, last_out_at) where state = 'waiting';

create or replace view conversation_card with (security_invoker = true) as
  select org, thread, state, assignee, person, asked_at, last_in_at, last_out_at, closed_at, room from conversation;
