-- How the conversation stood before its latest answer, and how that left it: for as long as the answer can be taken back.
alter table conversation add column before_answer jsonb;
