-- Personal access tokens: what programs of a person show instead of a session. Only digests rest here.
CREATE TABLE personal_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    -- Names of scopes, separated by blanks.
    scopes TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    -- None: it has no end.
    expires_at BIGINT,
    -- To within a minute, and the address of that use.
    last_used_at BIGINT,
    last_used_address TEXT,
    revoked_at BIGINT
);
-- The limits of making one, and all that belongs to a person.
CREATE INDEX personal_tokens_by_user ON personal_tokens (user_id, created_at);
-- The list of a person, a page at a time.
CREATE INDEX personal_tokens_listed ON personal_tokens (user_id, created_at, id) WHERE revoked_at IS NULL;
-- What nobody needs any more.
CREATE INDEX personal_tokens_by_revocation ON personal_tokens (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX personal_tokens_by_expiry ON personal_tokens (expires_at) WHERE expires_at IS NOT NULL;
