-- When the owner was last told that somebody guesses at a second factor; such a mail goes out once a day.
ALTER TABLE users ADD COLUMN factors_warned_at BIGINT NOT NULL DEFAULT 0;
