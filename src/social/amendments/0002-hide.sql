-- What others said below something of ours is hidden there, or shown again.
alter table amendment drop constraint amendment_does_check;
alter table amendment add constraint amendment_does_check check (does in ('edit', 'remove', 'react', 'hide'));
