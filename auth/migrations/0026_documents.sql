-- Documents of organizations: something to guard, and the example of how a resource is guarded.

CREATE TABLE documents (
    id TEXT NOT NULL PRIMARY KEY,
    -- They go with their organization.
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    owner_id TEXT NOT NULL REFERENCES users (id),
    title TEXT NOT NULL,
    -- In lower case, for who looks for its beginning.
    title_folded TEXT NOT NULL,
    department TEXT,
    -- public, internal, confidential or secret.
    sensitivity TEXT NOT NULL,
    -- draft, published or archived.
    state TEXT NOT NULL,
    -- Counted up with each change, so that two people who change one at once are told.
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    published_at BIGINT,
    archived_at BIGINT,
    -- Up to 100 kB, and the last column.
    body TEXT NOT NULL
);
CREATE INDEX documents_by_creation ON documents (organization_id, created_at, id);
CREATE INDEX documents_by_state ON documents (organization_id, state, created_at, id);
CREATE INDEX documents_by_owner ON documents (organization_id, owner_id, created_at, id);
CREATE INDEX documents_by_change ON documents (organization_id, changed_at, id);
CREATE INDEX documents_of_owner ON documents (owner_id);

-- What somebody last typed into a form that was refused: the page that tells them shows it again. One each.
CREATE TABLE unsaved_documents (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    -- The document; the organization for one that is not made yet.
    place TEXT NOT NULL,
    title TEXT NOT NULL,
    department TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX unsaved_documents_by_time ON unsaved_documents (kept_at);
