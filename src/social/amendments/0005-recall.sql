-- What its network calls it, where nothing else here will remember that by the time it is taken away.
alter table amendment add column remote_id text check (length(remote_id) <= 2000);
