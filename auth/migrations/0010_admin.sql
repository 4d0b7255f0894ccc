-- Administrators, and what their pages show.

-- What an account may do: `user` or `admin`.
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'user';
-- The list of accounts, newest first.
CREATE INDEX users_by_creation ON users (created_at, id);

-- From where a token was rotated into this one. NULL: from where its session signed in, as nearly always,
-- so a person who stays in one place leaves no trail. Empty: unknown, as it is of every older token.
ALTER TABLE refresh_tokens ADD COLUMN address TEXT DEFAULT '';
ALTER TABLE refresh_tokens ADD COLUMN device TEXT DEFAULT '';

-- Which token of the family was used again after its time.
ALTER TABLE sessions ADD COLUMN reused_generation BIGINT;

-- What happened to a session.
CREATE INDEX audit_events_by_session ON audit_events (session_id, at) WHERE session_id IS NOT NULL;
