-- What a sign-in writes: a session that goes on has no place among those that ended.
DROP INDEX sessions_by_end;
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;
