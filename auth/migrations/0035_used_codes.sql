-- Codes of native apps that made a session, for an hour: one that is used once more ends it.
CREATE TABLE used_federation_codes (
    -- Of the code.
    digest TEXT NOT NULL PRIMARY KEY,
    code_challenge TEXT NOT NULL,
    -- Of the first refresh token that it led to.
    token_digest TEXT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX used_federation_codes_by_use ON used_federation_codes (used_at);
