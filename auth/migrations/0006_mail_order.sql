-- The order of mails, and what the limits of asking for a new password read.

-- What anybody can cause for addresses without an account waits behind all other mails.
ALTER TABLE jobs ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
DROP INDEX jobs_by_run;
-- Jobs that wait, in the order they are claimed.
CREATE INDEX jobs_in_order ON jobs (priority, run_at) WHERE done_at IS NULL AND dead_at IS NULL;
-- Jobs that were done, until they are forgotten.
CREATE INDEX jobs_by_end ON jobs (done_at) WHERE done_at IS NOT NULL;

-- The mails of an address, and the wrong codes of a day. Nothing is looked up by address and creation.
DROP INDEX password_resets_by_email;
CREATE INDEX password_resets_mailed ON password_resets (email, mailed_at) WHERE mailed_at IS NOT NULL;
-- Beyond the limit of mails an address has one row, however often it is asked for. Those of before
-- lead nowhere.
DELETE FROM password_resets WHERE mailed_at IS NULL;
CREATE UNIQUE INDEX password_resets_one_unmailed ON password_resets (email) WHERE mailed_at IS NULL;
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);
