-- Of whoever asked for themselves: the address that a mailed link has proved, where the answer goes, and the language in which they asked.
alter table rights_request add column address text check (length(address) <= 320);
alter table rights_request add column language text check (length(language) <= 10);
-- Until then the copy is fetched by a link of its own.
alter table rights_request add column link_until timestamptz;
