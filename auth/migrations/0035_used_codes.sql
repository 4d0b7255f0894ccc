-- Codes of native apps that were taken, for an hour: one that is used once more ends what it made.
CREATE TABLE used_federation_codes (
    -- Of the code.
    digest TEXT NOT NULL PRIMARY KEY,
    code_challenge TEXT NOT NULL,
    -- Of the first refresh token that it led to, or of the ticket of a sign-in that waits for its factor. Empty as long as it
    -- led to neither, and `reused` when it was used once more before it did.
    token_digest TEXT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX used_federation_codes_by_use ON used_federation_codes (used_at);
CREATE INDEX used_federation_codes_by_token ON used_federation_codes (token_digest);
