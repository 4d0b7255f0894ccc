-- expand
-- Several nodes on one database: which programs may run on it, and whose turn it is.

-- The number of the newest migration that a program must know to work on these tables. A contraction raises it; a program
-- that does not know the newest tables goes on beside one that does. See docs/operations/upgrades-of-nodes.md.
CREATE TABLE schema_floor (
    -- Always 1.
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO schema_floor (id, version) VALUES (1, 38);

-- What one node does for all: when somebody last took the turn.
CREATE TABLE turns (
    -- Such as `housekeeping`.
    name TEXT NOT NULL PRIMARY KEY,
    taken_at BIGINT NOT NULL
);
