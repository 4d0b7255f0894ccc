-- When somebody said that they want no passkey for now: they are not asked again.
ALTER TABLE users ADD COLUMN passkey_declined_at BIGINT;
