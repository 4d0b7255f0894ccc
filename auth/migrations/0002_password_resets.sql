-- A way to a new password that was asked for and mailed. An address without an account gets a row
-- as well, so that asking costs the same; its link and code lead nowhere.
CREATE TABLE password_resets (
    id TEXT NOT NULL PRIMARY KEY,
    -- None when the address has no account, or no mail went out.
    user_id TEXT REFERENCES users (id),
    email TEXT NOT NULL,
    ticket_digest TEXT NOT NULL UNIQUE,
    link_digest TEXT NOT NULL UNIQUE,
    code_mac TEXT NOT NULL,
    -- Tries of the code in the browser that asked.
    wrong_codes BIGINT NOT NULL,
    -- Counted apart: a stranger who guesses over REST must not spend the tries of the browser.
    wrong_email_codes BIGINT NOT NULL,
    -- None beyond the limit of mails: the waiting page is shown, and nothing else happens.
    mailed_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    -- Ended by a newer one, or because the password or the address changed in another way.
    killed_at BIGINT
);
CREATE INDEX password_resets_by_email ON password_resets (email, created_at);
CREATE INDEX password_resets_by_user ON password_resets (user_id, created_at);
-- One address has one live reset, however many ask in the same moment.
CREATE UNIQUE INDEX password_resets_one_live ON password_resets (email)
    WHERE mailed_at IS NOT NULL AND used_at IS NULL AND killed_at IS NULL;
