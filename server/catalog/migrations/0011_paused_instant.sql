-- Whether a VM was stopped for the instant of a version: beside its consistency, which says what was flushed.
ALTER TABLE version ADD COLUMN paused boolean NOT NULL DEFAULT false;
