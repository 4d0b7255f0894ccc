-- What the lists of sessions and of activity read, and how a new device is noticed.

-- Sessions of a person that go on: those ended and those expired are skipped by the index.
DROP INDEX sessions_by_user;
CREATE INDEX sessions_by_user ON sessions (user_id, ended_at, expires_at);
-- Whether a device was seen on an account.
CREATE INDEX sessions_by_device ON sessions (user_id, device, created_at);

-- What a line is about, so that one page of a filtered list is one walk along an index.
ALTER TABLE audit_events ADD COLUMN topic TEXT NOT NULL DEFAULT '';
UPDATE audit_events SET topic = CASE
    WHEN kind LIKE 'session.%' THEN 'sign_in'
    WHEN kind LIKE 'sign_up.%' THEN 'address'
    WHEN kind LIKE 'password_reset.%' OR kind LIKE 'user.password%' THEN 'password'
    ELSE 'profile'
END;
DROP INDEX audit_events_by_user;
CREATE INDEX audit_events_by_user ON audit_events (user_id, at, id);
CREATE INDEX audit_events_by_topic ON audit_events (user_id, topic, at, id);
