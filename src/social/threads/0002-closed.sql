-- A thread may be closed to all but some.
call protect_closed('thread', 'id');
call protect_closed('thread_member', 'thread');
