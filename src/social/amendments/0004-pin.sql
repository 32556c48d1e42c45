-- Something of ours stands first on our page of its network, or no longer.
alter table amendment drop constraint amendment_does_check;
alter table amendment add constraint amendment_does_check check (does in ('edit', 'remove', 'react', 'hide', 'pin'));
