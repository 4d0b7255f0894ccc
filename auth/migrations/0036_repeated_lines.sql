-- How often what a shared line of the audit log tells happened again within its minute.
ALTER TABLE audit_events ADD COLUMN repeats BIGINT NOT NULL DEFAULT 0;
