-- Accounts that are suspended, finding accounts among a million, and the product as somebody else sees it.

-- Until when nobody gets in. What is over, as 0, suspends nobody; 9223372036854775807 ends when it is taken back.
ALTER TABLE users ADD COLUMN suspended_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN suspended_at BIGINT;
-- What the person is told, and what administrators tell each other.
ALTER TABLE users ADD COLUMN suspended_reason TEXT;
ALTER TABLE users ADD COLUMN suspended_note TEXT;
-- Name and address in plain letters; empty until the account is in the index below.
ALTER TABLE users ADD COLUMN search_text TEXT NOT NULL DEFAULT '';

-- A filter of the list of accounts walks along an index of its own, in the order of the list.
CREATE INDEX users_by_role ON users (role, created_at, id) WHERE role <> 'user';
CREATE INDEX users_suspended ON users (created_at, id) WHERE suspended_until > 0;
CREATE INDEX users_leaving ON users (created_at, id) WHERE delete_at IS NOT NULL;
CREATE INDEX users_with_factor ON users (created_at, id) WHERE factors <> '';
CREATE INDEX users_without_factor ON users (created_at, id) WHERE factors = '';
CREATE INDEX users_unsearched ON users (id) WHERE search_text = '';

-- The end of each word of a name or address, as a number (`auth/src/search/fragment.rs`): what is looked for within a word
-- is the beginning of such an end. Without a reference to users: a dozen rows a sign-up would each look it up. They are
-- written and deleted in the transactions that write and delete their account.
CREATE TABLE user_search (
    user_id TEXT NOT NULL,
    fragment BIGINT NOT NULL,
    PRIMARY KEY (user_id, fragment)
);
CREATE INDEX user_search_by_fragment ON user_search (fragment, user_id);

-- Rows that are only there to be held: who must count something exactly comes one after the other.
CREATE TABLE platform_locks (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO platform_locks (name, version) VALUES ('administrators', 0);

-- Who acts in the place of the session's person, and the session of theirs that it ends with.
ALTER TABLE sessions ADD COLUMN impersonator_id TEXT;
ALTER TABLE sessions ADD COLUMN impersonator_session TEXT;
-- 1: what belongs to organizations may be changed in it.
ALTER TABLE sessions ADD COLUMN impersonation_writes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_by_impersonator ON sessions (impersonator_id) WHERE impersonator_id IS NOT NULL;
