-- What went into a thread, and for which one it stands: for whoever keeps something by its thread.
create index thread_merged_into on thread (org, merged_into) where merged_into is not null;
create view thread_merged with (security_invoker = true) as select org, id, merged_into as stands from thread where merged_into is not null;
grant select on thread_merged to trefoil_app;
