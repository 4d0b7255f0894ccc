-- What nodes learn from each other about access tokens that are over.

-- How often the rights of an account changed, and when last: its password, its role. An access token
-- that carries a lower number is over.
ALTER TABLE users ADD COLUMN token_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN token_version_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_by_token_version ON users (token_version_at, id) WHERE token_version > 0;

-- In the order they are learned: in pages, also when a million ended in the same moment.
DROP INDEX sessions_by_end;
CREATE INDEX sessions_by_end ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;
