-- Second factors: what every one of them needs. What belongs to one alone is in a migration of its own.

-- Names of the factors that are active, separated by blanks; empty: the password is enough.
ALTER TABLE users ADD COLUMN factors TEXT NOT NULL DEFAULT '';
-- Wrong codes in a row, whatever the factor, session or address, and until when no other is looked at.
ALTER TABLE users ADD COLUMN wrong_factors BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN factors_locked_until BIGINT NOT NULL DEFAULT 0;

-- The factor that was proved in this session last, and when; empty: none.
ALTER TABLE sessions ADD COLUMN factor TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN factor_at BIGINT NOT NULL DEFAULT 0;

-- A sign-in whose first half is done. It opens nothing but the second half.
CREATE TABLE pending_sign_ins (
    digest TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- How the first half was proved (`amr`, RFC 8176), such as `pwd`.
    method TEXT NOT NULL,
    -- The hash that the password was verified against, as a digest; empty without a password.
    password_digest TEXT NOT NULL,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX pending_sign_ins_by_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);

-- Browsers in which the second factor is not asked for again. Dead with the next change of the account's rights.
CREATE TABLE trusted_devices (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    digest TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    -- That of the account when it was trusted.
    token_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX trusted_devices_by_user ON trusted_devices (user_id, created_at);
CREATE INDEX trusted_devices_by_expiry ON trusted_devices (expires_at);
