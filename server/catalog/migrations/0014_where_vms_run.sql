-- Where a VM runs. A history belongs to the VM's uuid; its owning host changes when it runs elsewhere.
ALTER TABLE data_source ADD COLUMN power_state text NOT NULL DEFAULT '';   -- running | paused | migrating | off; '': nobody says
ALTER TABLE data_source ADD COLUMN firmware text NOT NULL DEFAULT '';
-- A host that has it running at the same time as its owner does: no point is taken until only one runs.
ALTER TABLE data_source ADD COLUMN rival_host text REFERENCES host;
