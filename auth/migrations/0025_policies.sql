-- Policies that administrators write, version by version, and the cases that each version must pass.

CREATE TABLE policy_versions (
    id TEXT NOT NULL PRIMARY KEY,
    -- 0 stands for the built-in policies alone.
    number BIGINT NOT NULL UNIQUE,
    note TEXT NOT NULL,
    -- NULL once the account is gone.
    author_id TEXT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    -- When it was last activated.
    activated_at BIGINT,
    -- At most 64 KiB, and the last column.
    text TEXT NOT NULL
);
CREATE INDEX policy_versions_by_time ON policy_versions (created_at, id);
CREATE INDEX policy_versions_by_author ON policy_versions (author_id);

INSERT INTO policy_versions (id, number, note, author_id, created_at, activated_at, text)
VALUES ('00000000-0000-7000-8000-000000000000', 0, '', NULL, 0, 0, '');

-- One row. Whoever changes something here names what they saw, so that of two people one is told.
CREATE TABLE policy_state (
    id TEXT NOT NULL PRIMARY KEY,
    active_number BIGINT NOT NULL REFERENCES policy_versions (number),
    -- Counted up with each activation: nodes learn by it that another version is in force.
    generation BIGINT NOT NULL,
    -- The number of the newest version.
    last_number BIGINT NOT NULL,
    -- Counted up with each change of a case: a version is activated by the cases it passed.
    cases_version BIGINT NOT NULL
);
INSERT INTO policy_state (id, active_number, generation, last_number, cases_version)
VALUES ('policies', 0, 0, 0, 0);

CREATE TABLE policy_cases (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- 1: it must be allowed, 0: it must not.
    allowed BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- JSON.
    question TEXT NOT NULL
);
CREATE INDEX policy_cases_by_time ON policy_cases (created_at, id);

-- A text that could not be saved, kept for its author. One each.
CREATE TABLE policy_drafts (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    note TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    text TEXT NOT NULL
);
