-- Since when an account has had a strong factor without a gap; NULL: it has none. What the mailbox takes back goes no
-- further than this.
ALTER TABLE users ADD COLUMN strong_since BIGINT;
