-- When the rule that an account must have a second factor first met it; NULL: it need not have one. The days of grace
-- count from here.
ALTER TABLE users ADD COLUMN factor_required_from BIGINT;
