-- Contract for both databases: TEXT and BIGINT only; time is unix milliseconds; flags are nullable
-- timestamps; secrets are digests or sealed. See docs/database.md.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT,
    email_verified_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- An account that waits for its address to be proved. It becomes a user with the password of
-- exactly this sign-up, so nobody can prepare an account for somebody else's address.
CREATE TABLE sign_ups (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- Set when the address already has an account: the row then looks the same and leads nowhere.
    known_user_id TEXT REFERENCES users (id),
    ticket_digest TEXT NOT NULL UNIQUE,
    link_digest TEXT NOT NULL UNIQUE,
    code_mac TEXT NOT NULL,
    wrong_codes BIGINT NOT NULL,
    -- Counted apart: a stranger who guesses over REST must not spend the tries of the browser.
    wrong_email_codes BIGINT NOT NULL,
    mails_sent BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX sign_ups_by_email ON sign_ups (email, created_at);
CREATE INDEX sign_ups_by_expiry ON sign_ups (expires_at);

-- One signed-in device: a refresh token family.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    method TEXT NOT NULL,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_end ON sessions (ended_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Every token of a family, by digest. A token was rotated when the next generation exists, and the
-- session was last seen when its newest token was issued: rotating is one INSERT.
CREATE TABLE refresh_tokens (
    digest TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    generation BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    UNIQUE (session_id, generation)
);

CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    -- 1, 2, 3 …: two nodes that make a key at the same moment cannot both succeed.
    sequence BIGINT NOT NULL UNIQUE,
    algorithm TEXT NOT NULL,
    private_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The outbox: work that was promised in the same transaction as the change it belongs to.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload_sealed TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    done_at BIGINT,
    dead_at BIGINT,
    last_error TEXT
);
CREATE INDEX jobs_by_run ON jobs (done_at, dead_at, run_at);

CREATE TABLE audit_events (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT,
    session_id TEXT,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    request_id TEXT NOT NULL
);
CREATE INDEX audit_events_by_user ON audit_events (user_id, at);

-- Mails of the development mode, which has no mail server; empty in production.
CREATE TABLE dev_inbox (
    id TEXT NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    link TEXT,
    code TEXT,
    sent_at BIGINT NOT NULL
);
CREATE INDEX dev_inbox_by_time ON dev_inbox (sent_at);
