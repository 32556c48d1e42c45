-- What is closed to a colleague is not found either.
call protect_closed('search_document', 'thread');
