-- How the types of cases are called, for reports.
create view case_type_card with (security_invoker = true) as select org, id, name from case_type;
grant select on case_type_card to trefoil_app;
