-- expand
-- Backups: when the last good one was taken, when one was last restored to see that it can be, and since when this database is
-- one that was restored. 0: never.
CREATE TABLE backup_marks (
    -- `backup`, `restore_test` or `restored`.
    name TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    -- The file it is about.
    file TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    -- Until when a node is about to take one.
    claimed_until BIGINT NOT NULL
);
INSERT INTO backup_marks (name, at, file, bytes, claimed_until) VALUES ('backup', 0, '', 0, 0);
INSERT INTO backup_marks (name, at, file, bytes, claimed_until) VALUES ('restore_test', 0, '', 0, 0);
INSERT INTO backup_marks (name, at, file, bytes, claimed_until) VALUES ('restored', 0, '', 0, 0);
