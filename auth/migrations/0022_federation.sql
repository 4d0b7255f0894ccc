-- Signing in with other providers (OpenID Connect Core 1.0; OAuth 2.0, RFC 6749).

-- An account of a provider that opens an account here. A person may have several of one provider.
CREATE TABLE connections (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- The name of the provider in the settings.
    provider TEXT NOT NULL,
    -- Who said it: `iss`. Another issuer's subject of the same name is somebody else.
    issuer TEXT NOT NULL,
    -- Who it is there: `sub`, or GitHub's number.
    subject TEXT NOT NULL,
    -- The address as the provider last told it; empty: it told none.
    email TEXT NOT NULL,
    -- Whether the provider says that it is proved: then when it was last told.
    email_verified_at BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (provider, issuer, subject)
);
CREATE INDEX connections_by_user ON connections (user_id, created_at);

-- A way to a provider that was begun. The row goes when its state comes back to its browser. A way of a native app is
-- followed by another row, of the browser that came back: its person is asked before the app gets a code.
CREATE TABLE federation_flows (
    -- Of `state`; of an arrival, of the ticket of the page that asks.
    digest TEXT NOT NULL PRIMARY KEY,
    -- Of the browser's own cookie; empty: a native app, which is bound by its own PKCE.
    browser_digest TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- 'sign_in', 'connect', 'native', 'native_arrival' or 'fedcm'
    purpose TEXT NOT NULL,
    -- The session that connects; empty otherwise.
    session_id TEXT NOT NULL,
    -- The nonce, the PKCE verifier, the issuer and where to go on, as JSON; of an arrival, the app and who it is.
    payload_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX federation_flows_by_browser ON federation_flows (browser_digest, created_at);
CREATE INDEX federation_flows_by_expiry ON federation_flows (expires_at);

-- Somebody who came from a provider and is not let in yet: the address is that of an account, which must prove
-- itself first, or it must be proved by mail.
CREATE TABLE pending_connections (
    -- Of the ticket in the browser's cookie.
    digest TEXT NOT NULL PRIMARY KEY,
    -- The account that must prove itself; empty: an address must be proved.
    user_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Who it is, as JSON.
    identity_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX pending_connections_by_user ON pending_connections (user_id);
CREATE INDEX pending_connections_by_expiry ON pending_connections (expires_at);

-- What a native app redeems with its own PKCE verifier after the way through the browser (RFC 8252).
CREATE TABLE federation_codes (
    digest TEXT NOT NULL PRIMARY KEY,
    code_challenge TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Who it is, as JSON.
    identity_sealed TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX federation_codes_by_expiry ON federation_codes (expires_at);

-- Tokens of a provider, where a setting asks to keep them.
CREATE TABLE provider_tokens (
    connection_id TEXT NOT NULL PRIMARY KEY REFERENCES connections (id),
    access_sealed TEXT NOT NULL,
    -- Empty: there is none, and the access token is used until it ends.
    refresh_sealed TEXT NOT NULL,
    scope TEXT NOT NULL,
    expires_at BIGINT,
    -- When the job looks at it next; none: there is nothing to do.
    refresh_at BIGINT,
    failures BIGINT NOT NULL
);
CREATE INDEX provider_tokens_by_refresh ON provider_tokens (refresh_at) WHERE refresh_at IS NOT NULL;

-- A sign-up that came from a provider: who it is there, as sealed JSON.
ALTER TABLE sign_ups ADD COLUMN identity_sealed TEXT;
