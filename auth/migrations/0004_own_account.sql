-- What somebody does with their own account: risky acts behind a fresh proof, another address,
-- "this was not me", and leaving.

-- When the person was last proved (`auth_time`, OpenID Connect Core 1.0, 2), and the tries of the
-- password in this session since.
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN password_tries BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET authenticated_at = created_at;

-- A risky act that waits for the proof, with what was typed. Bound to its session, taken once.
CREATE TABLE waiting_acts (
    digest TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    payload_sealed TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX waiting_acts_by_session ON waiting_acts (session_id);
CREATE INDEX waiting_acts_by_expiry ON waiting_acts (expires_at);

-- Another address for an account: the new one proves itself, the old one may undo.
CREATE TABLE email_changes (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    old_email TEXT NOT NULL,
    new_email TEXT NOT NULL,
    link_digest TEXT NOT NULL UNIQUE,
    code_mac TEXT NOT NULL,
    wrong_codes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- Cancelled, replaced by a newer one, or ended with the change it followed.
    killed_at BIGINT,
    -- Mailed to the old address at the confirmation.
    undo_digest TEXT UNIQUE,
    undo_expires_at BIGINT,
    undone_at BIGINT
);
CREATE INDEX email_changes_by_user ON email_changes (user_id, created_at);
CREATE INDEX email_changes_by_new_email ON email_changes (new_email, created_at);
CREATE INDEX email_changes_by_creation ON email_changes (created_at);
-- An account has one change that waits, however many are asked for in the same moment.
CREATE UNIQUE INDEX email_changes_one_waiting ON email_changes (user_id)
    WHERE confirmed_at IS NULL AND killed_at IS NULL;

-- The link "this was not me" of a notice. It works signed out, once.
CREATE TABLE notice_links (
    digest TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- Whose mailbox it went to.
    email TEXT NOT NULL,
    -- When that happened of which the mail tells.
    noticed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX notice_links_by_user ON notice_links (user_id);
CREATE INDEX notice_links_by_expiry ON notice_links (expires_at);

-- When the account goes, and the digest of the mailed link that keeps it.
ALTER TABLE users ADD COLUMN delete_at BIGINT;
ALTER TABLE users ADD COLUMN keep_digest TEXT;
CREATE INDEX users_by_deletion ON users (delete_at) WHERE delete_at IS NOT NULL;
CREATE UNIQUE INDEX users_by_keep ON users (keep_digest) WHERE keep_digest IS NOT NULL;
-- What belongs to a person is found when the person leaves.
CREATE INDEX sign_ups_by_known_user ON sign_ups (known_user_id) WHERE known_user_id IS NOT NULL;

-- Whom a waiting mail is about, as a keyed digest: it is found when the person leaves.
ALTER TABLE jobs ADD COLUMN recipient_mac TEXT;
CREATE INDEX jobs_by_recipient ON jobs (recipient_mac) WHERE recipient_mac IS NOT NULL;
