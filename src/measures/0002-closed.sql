-- What is closed to a colleague is no evidence for them.
call protect_closed('measured_response', 'thread');
call protect_closed('measured_conversation', 'thread');
