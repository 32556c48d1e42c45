-- What other floors read of which conversations a case is about, such as measures by type.
create view case_thread_card with (security_invoker = true) as select org, case_id, thread from case_thread;
grant select on case_thread_card to trefoil_app;
