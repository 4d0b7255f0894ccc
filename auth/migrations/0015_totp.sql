-- Authenticator apps (RFC 6238) and recovery codes.

-- The one secret of an account that works, sealed.
CREATE TABLE totp_secrets (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    secret_sealed TEXT NOT NULL,
    -- The newest step whose code was accepted: neither it nor an earlier one is accepted again.
    last_step BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL
);

-- A secret that was shown and waits for its first right code. It works in the session that asked for it alone.
CREATE TABLE totp_enrolments (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    session_id TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    -- Tries of a code; the fifth is the last.
    wrong_codes BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX totp_enrolments_by_expiry ON totp_enrolments (expires_at);

-- Ten codes of an account, as keyed digests.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    mac TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, mac)
);

-- When the person said that they keep the codes of now.
ALTER TABLE users ADD COLUMN recovery_codes_saved_at BIGINT;
