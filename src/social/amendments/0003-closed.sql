-- What is changed in a closed thread is seen by those who read the thread.
call protect_closed('amendment', 'thread');
