-- Limits on what strangers may try, counted for all nodes together.

-- A bucket of tries: that of an address of an account, a client, a network, or everybody. Nobody reads from its name whose it
-- is. A row that has recovered says as much as none.
CREATE TABLE limits (
    -- What it counts and a keyed digest, such as `sign_in.account.…`.
    bucket TEXT NOT NULL PRIMARY KEY,
    -- When the bucket is as if nothing had happened: each try adds to it (GCRA's theoretical arrival time).
    recovered_at BIGINT NOT NULL,
    -- Milliseconds that the last try cost; the next one beyond the free ones costs twice as much.
    delay BIGINT NOT NULL,
    -- Until when no further try is looked at.
    blocked_until BIGINT NOT NULL
);
CREATE INDEX limits_by_recovery ON limits (recovered_at);

-- Proofs of work that were used: each spares one delay.
CREATE TABLE spent_challenges (
    digest TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_challenges_by_expiry ON spent_challenges (expires_at);
