-- Organizations, who is in them, and the roles they made for themselves. And more roles of the platform.

UPDATE users SET role = 'platform_admin' WHERE role = 'admin';

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Counted up with each change of its roles, so that two people who change one at once are told.
    version BIGINT NOT NULL DEFAULT 0,
    -- When members must have a second factor from; NULL: they need not.
    factor_required_from BIGINT,
    -- When it goes, once that was asked for.
    delete_at BIGINT,
    -- When an administrator of the platform closed it, and why.
    closed_at BIGINT,
    closed_reason TEXT
);
CREATE INDEX organizations_by_creation ON organizations (created_at, id);
CREATE INDEX organizations_by_deletion ON organizations (delete_at) WHERE delete_at IS NOT NULL;

CREATE TABLE organization_roles (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    -- `resource:action`, separated by blanks.
    permissions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);

CREATE TABLE memberships (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    -- The name of a built-in role, else the id of one in organization_roles.
    role TEXT NOT NULL,
    department TEXT,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id, joined_at, organization_id);
CREATE INDEX memberships_by_time ON memberships (organization_id, joined_at, user_id);
CREATE INDEX memberships_by_role ON memberships (organization_id, role);

-- The picture of an organization, as that of a person.
CREATE TABLE organization_logos (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id),
    id TEXT NOT NULL UNIQUE,
    media_type TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- base64url, and the last column.
    image TEXT NOT NULL
);

-- In which organization a session works at the moment; its access tokens name what it may there.
ALTER TABLE sessions ADD COLUMN organization_id TEXT;
