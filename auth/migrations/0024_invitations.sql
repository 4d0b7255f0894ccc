-- Invitations into organizations, and the mail domains that organizations claim. Whatever belongs to an organization goes
-- with it.

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    -- The name of a built-in role, else the id of one in organization_roles, which may be gone.
    role TEXT NOT NULL,
    department TEXT,
    inviter_id TEXT NOT NULL REFERENCES users (id),
    link_digest TEXT NOT NULL UNIQUE,
    code_mac TEXT NOT NULL,
    wrong_codes BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT,
    declined_at BIGINT
);
-- An address has one invitation into an organization that waits, over or not.
CREATE UNIQUE INDEX invitations_waiting ON invitations (organization_id, email)
    WHERE used_at IS NULL AND revoked_at IS NULL AND declined_at IS NULL;
CREATE INDEX invitations_by_time ON invitations (organization_id, created_at, id)
    WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_by_email ON invitations (email);
CREATE INDEX invitations_by_inviter ON invitations (inviter_id);
CREATE INDEX invitations_by_end ON invitations (expires_at);

-- Mails of invitations, to hold their limits whatever becomes of the invitation. Nobody reads the address from it.
CREATE TABLE invitation_mails (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    recipient_mac TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);
CREATE INDEX invitation_mails_by_organization ON invitation_mails (organization_id, sent_at);
CREATE INDEX invitation_mails_by_recipient ON invitation_mails (recipient_mac, sent_at);
CREATE INDEX invitation_mails_by_time ON invitation_mails (sent_at);

CREATE TABLE organization_domains (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    domain TEXT NOT NULL,
    -- What its TXT record must say: for everybody to read, and so no secret.
    token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT,
    -- The last look at the record.
    checked_at BIGINT NOT NULL DEFAULT 0,
    -- The last time it was there.
    seen_at BIGINT NOT NULL DEFAULT 0,
    -- Since when the record of a verified domain was not there any more.
    missing_since BIGINT,
    -- When it was lost by that.
    lost_at BIGINT,
    -- The role of people who join by themselves; NULL: they do not.
    join_role TEXT,
    UNIQUE (organization_id, domain)
);
CREATE UNIQUE INDEX organization_domains_verified ON organization_domains (domain) WHERE verified_at IS NOT NULL;
CREATE INDEX organization_domains_by_check ON organization_domains (checked_at) WHERE verified_at IS NOT NULL;

-- Who joined by the domain of their address, until they saw that.
CREATE TABLE domain_joins (
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    domain TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, organization_id)
);
