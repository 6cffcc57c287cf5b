-- Lists by a column have the newest first of what is alike in it, whichever way the column goes:
-- one index goes up, one that is read from its end goes down.
CREATE INDEX job_up_kind ON job (kind, queued_at DESC);
CREATE INDEX job_up_state ON job (state, queued_at DESC);
CREATE INDEX event_up_kind ON event (kind, id DESC);
CREATE INDEX event_down_kind ON event (kind, id);
CREATE INDEX event_up_actor ON event (coalesce(actor, ''), id DESC);
CREATE INDEX event_down_actor ON event (coalesce(actor, ''), id);
