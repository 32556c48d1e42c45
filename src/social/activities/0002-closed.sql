-- What is closed to a colleague is not told either.
call protect_closed('activity', 'thread');
