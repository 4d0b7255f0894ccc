-- Codes by mail and SMS, and the numbers that SMS go to.

-- A code that was sent. It proves somebody in one sign-in or session, and nowhere else.
CREATE TABLE sent_codes (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- `sms_code` or `email_code`.
    method TEXT NOT NULL,
    -- What it is for, such as `sign_in:…` and `session:…`, or the enrolment of a number in a session.
    bound_to TEXT NOT NULL,
    -- Keyed digest of the number or address it went to.
    recipient_mac TEXT NOT NULL,
    -- Keyed digest of the code with all of the above.
    code_mac TEXT NOT NULL,
    -- Tries while a number or address proves itself. Those of a sign-in are counted in the account.
    wrong_codes BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    killed_at BIGINT
);
-- One is alive for each purpose: the older one dies with the next.
CREATE UNIQUE INDEX sent_codes_live ON sent_codes (user_id, method, bound_to)
    WHERE used_at IS NULL AND killed_at IS NULL;
CREATE INDEX sent_codes_by_user ON sent_codes (user_id, method, created_at);
CREATE INDEX sent_codes_by_recipient ON sent_codes (recipient_mac, created_at);
CREATE INDEX sent_codes_by_moment ON sent_codes (created_at);

-- SMS that were promised in each minute by all nodes together: they cost money.
CREATE TABLE sms_minutes (
    minute BIGINT NOT NULL PRIMARY KEY,
    promised BIGINT NOT NULL
);

-- A number of a person: the one that is proved, and another that must prove itself first.
CREATE TABLE phone_numbers (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    number TEXT,
    proved_at BIGINT,
    wanted TEXT,
    wanted_at BIGINT
);
CREATE INDEX phone_numbers_by_wish ON phone_numbers (wanted_at);
