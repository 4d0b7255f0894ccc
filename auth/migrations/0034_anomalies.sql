-- Sign-ins that looked unusual, and why.

-- One row for each that scored above 0. No coordinates: places are a city and the code of a country.
CREATE TABLE anomalies (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    at BIGINT NOT NULL,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    points BIGINT NOT NULL,
    -- What each reason gave; 0: it was none.
    impossible_travel BIGINT NOT NULL,
    new_device BIGINT NOT NULL,
    many_accounts BIGINT NOT NULL,
    token_reuse BIGINT NOT NULL,
    -- Of a journey that nobody can make: from where, to where, how far, in how long. Empty and 0 without one.
    from_place TEXT NOT NULL,
    to_place TEXT NOT NULL,
    kilometres BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    -- Accounts that came from the client for the first time within an hour.
    accounts BIGINT NOT NULL,
    -- `let_in`, `asked`, `proved` or `ended`.
    outcome TEXT NOT NULL,
    -- When its owner was told by mail.
    told_at BIGINT
);
-- The list, and the same of one reason: each page is a walk along an index.
CREATE INDEX anomalies_by_moment ON anomalies (at, id);
CREATE INDEX anomalies_by_user ON anomalies (user_id, at);
CREATE INDEX anomalies_of_travel ON anomalies (at, id) WHERE impossible_travel > 0;
CREATE INDEX anomalies_of_devices ON anomalies (at, id) WHERE new_device > 0;
CREATE INDEX anomalies_of_clients ON anomalies (at, id) WHERE many_accounts > 0;
CREATE INDEX anomalies_of_tokens ON anomalies (at, id) WHERE token_reuse > 0;

-- Who came from which client, when first and when last. The client is a keyed digest of its address.
CREATE TABLE client_arrivals (
    client_mac TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (client_mac, user_id)
);
CREATE INDEX client_arrivals_by_first ON client_arrivals (client_mac, first_at);
CREATE INDEX client_arrivals_by_last ON client_arrivals (last_at);
CREATE INDEX client_arrivals_by_user ON client_arrivals (user_id);

-- A sign-in that waits and looked unusual: its row above; and whether its owner heard of it, as `told` by a notice or `mailed`
-- a code that is asked for in place of a factor. Empty otherwise.
ALTER TABLE pending_sign_ins ADD COLUMN anomaly_id TEXT NOT NULL DEFAULT '';
ALTER TABLE pending_sign_ins ADD COLUMN announced TEXT NOT NULL DEFAULT '';
