-- What is closed to a colleague cannot be read, whatever its audience.
call protect_closed('content', 'thread');
