-- What digests are made with, sealed under the master key: another master key seals these keys anew, and no digest changes.
CREATE TABLE data_keys (
    -- What it is for, and for nothing else.
    id TEXT NOT NULL PRIMARY KEY,
    key_sealed TEXT NOT NULL
);

-- The master keys that something is sealed under, by their names. The keys are in the settings alone.
CREATE TABLE master_keys (
    id TEXT NOT NULL PRIMARY KEY,
    first_used_at BIGINT NOT NULL,
    -- Written twice a minute by every node that seals with it.
    last_used_at BIGINT NOT NULL,
    -- Since when nothing is sealed under it; NULL: no node starts without it.
    retired_at BIGINT
);
