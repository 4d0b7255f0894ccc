-- The first administrator, and what the pages of operators read.

-- The link that makes the first administrator. There is one at most, however many nodes start.
CREATE TABLE setup_links (
    -- Always 1.
    id BIGINT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Whether there is an administrator, among a million accounts.
CREATE INDEX users_platform_admins ON users (id) WHERE role = 'platform_admin';

-- What happened on each day, counted by whichever node comes first: a page reads these rows and no log.
CREATE TABLE statistics_days (
    -- Days since 1970, in UTC.
    day BIGINT NOT NULL,
    -- Such as `sign_ins.password`, `refused` or `active`.
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (day, name)
);

-- What is counted: sign-ins of a day by how they were proved, and accounts with a strong factor. Refusals of a day are found
-- by the index of the log by kind.
CREATE INDEX sessions_by_creation ON sessions (created_at, method);
CREATE INDEX users_with_strong_factor ON users (strong_since) WHERE strong_since IS NOT NULL;

-- Whose access tokens name an organization.
CREATE INDEX sessions_in_organization ON sessions (organization_id) WHERE organization_id IS NOT NULL;
