-- Webhooks: addresses that are told of lines of the audit log, and what each was told. And the list of mails.

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    -- The id of its organization, or `platform`.
    owner TEXT NOT NULL,
    -- The same for the database; NULL for those of the platform.
    organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    -- Kinds of events, separated by blanks: `user.created`, `user.*` or `*`.
    kinds TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    -- The secret of before, which signs as well until then.
    old_secret_sealed TEXT,
    old_secret_until BIGINT,
    -- Events of before are none of its business.
    listens_from BIGINT NOT NULL,
    -- When the first of the failures came that no success followed.
    failing_since BIGINT,
    disabled_at BIGINT,
    -- `manual`, `gone` or `failing`.
    disabled_reason TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_by_owner ON webhooks (owner, created_at, id);
CREATE INDEX webhooks_by_organization ON webhooks (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE webhook_deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    -- The line of the audit log; of a test an id of its own.
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- `pending`, `delivered` or `dead`.
    state TEXT NOT NULL,
    -- Since it was made or replayed.
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    -- The last ten attempts as JSON.
    tries TEXT NOT NULL,
    last_status BIGINT,
    last_error TEXT,
    last_duration_ms BIGINT,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    -- However often a line is read, a webhook is told of it once.
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (webhook_id, state, created_at, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);

-- How far the audit log was read. The row is held by the node that reads.
CREATE TABLE webhook_feed (
    name TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL
);
INSERT INTO webhook_feed (name, sequence) VALUES ('audit', 0);

-- The list of mails, the newest first; of all, of those that wait, and of those that could not be delivered.
CREATE INDEX jobs_by_creation ON jobs (created_at, id);
CREATE INDEX jobs_waiting ON jobs (created_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (created_at, id) WHERE dead_at IS NOT NULL;
