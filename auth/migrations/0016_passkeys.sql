-- Passkeys (WebAuthn Level 3): public keys, and the challenges that wait for an answer.

CREATE TABLE passkeys (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- base64url; one account of all has it.
    credential_id TEXT NOT NULL UNIQUE,
    -- The public key, its counter and what it was registered with, as the library writes it.
    credential TEXT NOT NULL,
    -- The model of the authenticator, as a UUID.
    aaguid TEXT NOT NULL,
    -- How a browser reaches it, separated by blanks.
    transports TEXT NOT NULL,
    -- 'synced': it may leave its device; 'device': it may not.
    binding TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    -- When an answer came whose counter had been seen: a copy may exist.
    counter_regressed_at BIGINT
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at);

-- A challenge follows from its ticket, and the ticket's digest is all that is kept of both. The row goes when the ticket
-- is shown, whatever the answer is worth.
CREATE TABLE passkey_ceremonies (
    digest TEXT NOT NULL PRIMARY KEY,
    -- 'add', 'proof', 'sign_in' or 'sign_up'
    kind TEXT NOT NULL,
    -- The session or pending sign-in it was made for; the future account and its address at a sign-up.
    bound_to TEXT NOT NULL,
    -- Empty: somebody who is not known yet.
    user_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremonies_by_user ON passkey_ceremonies (user_id, expires_at);
CREATE INDEX passkey_ceremonies_by_expiry ON passkey_ceremonies (expires_at);

-- A sign-up with a passkey instead of a password: the passkey, as JSON, and by what it is found.
ALTER TABLE sign_ups ADD COLUMN passkey TEXT;
ALTER TABLE sign_ups ADD COLUMN passkey_credential_id TEXT;
CREATE INDEX sign_ups_by_passkey ON sign_ups (passkey_credential_id) WHERE passkey_credential_id IS NOT NULL;
