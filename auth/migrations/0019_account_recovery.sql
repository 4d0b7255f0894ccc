-- Recovery by mail, the last way back into an account whose factors are lost. It waits for three days, told to every
-- address and session, and everybody who has one of those calls it off.
CREATE TABLE account_recoveries (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- The account's address then: one that was changed since ends it.
    email TEXT NOT NULL,
    -- The link that calls it off stands in every mail of it: by its digest it is found, and sealed it is mailed again.
    cancel_digest TEXT NOT NULL UNIQUE,
    cancel_sealed TEXT NOT NULL,
    -- The link that completes it. It does not exist before it is mailed, when the wait is over.
    complete_digest TEXT UNIQUE,
    -- From where it was asked for.
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    -- Tries of the password behind the link that completes it.
    wrong_passwords BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When the next reminder is due, or the link; NULL: the link was mailed.
    next_mail_at BIGINT,
    completed_at BIGINT,
    ended_at BIGINT,
    -- 'cancelled': somebody called it off; 'proved': a factor or another password made it needless; 'tries': too many
    -- wrong passwords.
    end_reason TEXT
);
-- An account has one that runs, however many are asked for in the same moment.
CREATE UNIQUE INDEX account_recoveries_one_running ON account_recoveries (user_id)
    WHERE completed_at IS NULL AND ended_at IS NULL;
CREATE INDEX account_recoveries_by_user ON account_recoveries (user_id, created_at);
CREATE INDEX account_recoveries_by_mail ON account_recoveries (next_mail_at) WHERE next_mail_at IS NOT NULL;
CREATE INDEX account_recoveries_by_expiry ON account_recoveries (expires_at);
