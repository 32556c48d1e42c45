-- Whom one colleague alone has met: known to whoever is let into that account, until somebody else meets them. Null: known to all.
alter table person add column room uuid;
create index person_room on person (org, room) where room is not null;
call protect_room('person');
