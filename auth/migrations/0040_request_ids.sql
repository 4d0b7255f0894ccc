-- expand
-- The request that caused it, as its answer and its lines in the log name it; NULL for what no request caused.
ALTER TABLE jobs ADD COLUMN request_id TEXT;
ALTER TABLE webhook_deliveries ADD COLUMN request_id TEXT;
