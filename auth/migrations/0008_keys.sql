-- Keys that sign access tokens are rotated, and may be revoked. What a key is at a moment (waiting,
-- signing, verifying, over) follows from these columns and those of the keys after it.

-- When the key begins to sign; it is published before that, so that everybody knows it by then. A key
-- that was made to sign at once has the moment it was made.
ALTER TABLE signing_keys ADD COLUMN signs_from BIGINT NOT NULL DEFAULT 0;
UPDATE signing_keys SET signs_from = created_at;
-- It leaked: what it signed is refused, and its private half is erased (private_sealed is empty).
ALTER TABLE signing_keys ADD COLUMN revoked_at BIGINT;
