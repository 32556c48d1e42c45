-- Why cases come: how often each cause was the reason lately, and the cases behind it.
create index cases_ended on cases (org, closed_at) include (cause) where cause is not null;
create index cases_because on cases (org, cause, changed_at desc, id desc) where cause is not null;
drop index cases_cause;
