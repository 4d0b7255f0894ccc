-- The audit log as a chain: who did something, where, with what and what changed; and what proves that nobody who
-- has only the database wrote it anew.

-- Who did it, where the line says so.
ALTER TABLE audit_events ADD COLUMN actor_id TEXT;
-- Who acted in the actor's place.
ALTER TABLE audit_events ADD COLUMN impersonator_id TEXT;
ALTER TABLE audit_events ADD COLUMN organization_id TEXT;
-- What it was done with: an id, or a name that is no secret.
ALTER TABLE audit_events ADD COLUMN target TEXT;
-- `done` or `refused`.
ALTER TABLE audit_events ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done';
-- What changed, as JSON: [{"field", "old", "new"}].
ALTER TABLE audit_events ADD COLUMN changes TEXT;
-- The newest request that came to the same line; no part of what is proved.
ALTER TABLE audit_events ADD COLUMN repeated_by TEXT;

-- What is personal is proved through a salt, and can go without the chain: then what its erasure left stands here.
-- The subject: user_id, target, changes.
ALTER TABLE audit_events ADD COLUMN subject_salt TEXT;
-- The origin: actor_id, impersonator_id, session_id, address, device, request_id.
ALTER TABLE audit_events ADD COLUMN origin_salt TEXT;
-- Keyed digest of the line. NULL: nobody proves that the program wrote it.
ALTER TABLE audit_events ADD COLUMN mac TEXT;
-- The place in the chain; NULL for a moment, until the line is sealed.
ALTER TABLE audit_events ADD COLUMN sequence BIGINT;
-- When it got it: what retention goes by, beside the moment of the line.
ALTER TABLE audit_events ADD COLUMN sealed_at BIGINT;
ALTER TABLE audit_events ADD COLUMN previous_hash TEXT;
ALTER TABLE audit_events ADD COLUMN hash TEXT;

UPDATE audit_events SET outcome = 'refused'
    WHERE kind IN ('session.refused', 'session.proof_refused', 'factor.refused', 'passkey.counter_regressed');

CREATE UNIQUE INDEX audit_events_by_sequence ON audit_events (sequence) WHERE sequence IS NOT NULL;
-- What waits to be sealed.
CREATE INDEX audit_events_unsealed ON audit_events (at, id) WHERE sequence IS NULL AND mac IS NOT NULL;
-- What was there before the chain, and what somebody put there.
CREATE INDEX audit_events_unproved ON audit_events (at, id) WHERE sequence IS NULL AND mac IS NULL;

-- Each filter is a walk along an index. Those with a condition cost a sign-in nothing.
CREATE INDEX audit_events_by_time ON audit_events (at, id);
CREATE INDEX audit_events_by_kind ON audit_events (kind, at, id);
CREATE INDEX audit_events_by_address ON audit_events (address, at, id) WHERE address <> '';
CREATE INDEX audit_events_by_request ON audit_events (request_id, at, id) WHERE request_id <> '';
CREATE INDEX audit_events_by_refusal ON audit_events (at, id) WHERE outcome = 'refused';
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_events_by_impersonator ON audit_events (impersonator_id, at, id) WHERE impersonator_id IS NOT NULL;
CREATE INDEX audit_events_by_target ON audit_events (target, at, id) WHERE target IS NOT NULL;
CREATE INDEX audit_events_by_organization ON audit_events (organization_id, at, id) WHERE organization_id IS NOT NULL;

-- The end of the chain: one row, held by whoever seals, cuts or erases.
CREATE TABLE audit_anchor (
    id BIGINT NOT NULL PRIMARY KEY,
    -- The last sealed line; 0 before the first.
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    -- When the chain began.
    began_at BIGINT NOT NULL,
    -- The last line that was there before the chain: it is taken as it stood.
    adopted BIGINT NOT NULL,
    -- Until when lines without a proof are taken so.
    adopts_until BIGINT NOT NULL,
    -- Empty until the chain begins.
    mac TEXT NOT NULL
);
INSERT INTO audit_anchor (id, sequence, hash, sealed_at, began_at, adopted, adopts_until, mac)
    VALUES (1, 0, '', 0, 0, 0, 0, '');

-- The last line that retention took from the beginning. One row at most: the chain goes on after it.
CREATE TABLE audit_checkpoint (
    id BIGINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL,
    cut_at BIGINT NOT NULL,
    mac TEXT NOT NULL
);

-- Lines of each day, counted when they are sealed: for pictures, and no part of what is proved.
CREATE TABLE audit_days (
    -- Empty: all lines.
    organization_id TEXT NOT NULL,
    -- Days since 1970, in UTC.
    day BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (organization_id, day)
);
