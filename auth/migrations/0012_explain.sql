-- Administrators who want their own sign-ins explained, and since when. What is explained is never stored.
ALTER TABLE users ADD COLUMN explains_sign_in_at BIGINT;
CREATE INDEX users_explained ON users (explains_sign_in_at) WHERE explains_sign_in_at IS NOT NULL;
