-- The outbox: committed with the decision, sent once, and its fate for everyone to see.
create table delivery (
  org uuid not null default current_org(),
  id uuid not null,
  account uuid not null,
  channel text not null,
  content uuid not null,
  thread uuid not null,
  -- The addresses and everything else that the draft needs and the content does not hold.
  envelope jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'pending', 'sent', 'failed', 'unsure', 'cancelled')),
  attempts integer not null default 0,
  -- How often it was asked whether it was done after all, or what became of it.
  asked integer not null default 0,
  due_at timestamptz not null,
  sending_since timestamptz,
  ticket text,
  remote_id text,
  says text,
  -- What the other side reported later: delivered, failed, delayed.
  outcome text,
  outcome_says text,
  by uuid,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (org, id)
);
create unique index delivery_once on delivery (org, account, content);
create index delivery_content on delivery (org, content);
create index delivery_open on delivery (org, due_at) where state in ('waiting', 'sending', 'pending', 'unsure');
create index delivery_account on delivery (org, account) where state in ('waiting', 'sending', 'pending', 'unsure');
create index delivery_thread on delivery (org, thread, id);
call protect('delivery');

create view delivery_card with (security_invoker = true) as
  select org, id, account, channel, content, thread, state, attempts, due_at, says, outcome, outcome_says, sent_at, by from delivery;
grant select on delivery_card to trefoil_app;
