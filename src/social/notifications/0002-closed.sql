-- Who is no longer let in keeps no news of it.
call protect_closed('notification', 'thread');
